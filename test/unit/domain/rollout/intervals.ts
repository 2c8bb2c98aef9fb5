import { analyse, gather, NO_EVIDENCE } from '../../../../src/domain/rollout/analyse.js'
import { decideLook } from '../../../../src/domain/rollout/decide.js'
import type {
  ArmCounters,
  Interval,
  MirrorCounters,
} from '../../../../src/domain/rollout/observation.js'
import type { RolloutPolicy } from '../../../../src/domain/rollout/policy.js'

export const BOUNDS = [10, 100]
export const START = Date.parse('2026-01-01T00:00:00Z')
export const MINUTE = 60_000

export function arm(requests: number, errors = 0, extra: Partial<ArmCounters> = {}): ArmCounters {
  return {
    assigned: requests,
    requests,
    errors,
    unreachable: 0,
    latency: [requests, 0, 0],
    ...extra,
  }
}

export const QUIET: MirrorCounters = {
  agree: 0,
  disagree: 0,
  canaryOnlyErrors: 0,
  stableOnlyErrors: 0,
  discarded: 0,
}

/** The interval number `at` (minutes), 50 of 1,000 requests at the canary unless told. */
export function interval(at: number, extra: Partial<Interval> = {}): Interval {
  return {
    step: 0,
    weight: 5,
    startedAt: new Date(START + at * MINUTE).toISOString(),
    endedAt: new Date(START + (at + 1) * MINUTE).toISOString(),
    latencyBounds: BOUNDS,
    canaryReachable: true,
    stable: arm(950),
    canary: arm(50),
    mirror: QUIET,
    quality: [],
    ...extra,
  }
}

export const POLICY: RolloutPolicy = {
  mode: 'canary',
  steps: [5, 50, 100],
  mirror: 0,
  alpha: 0.05,
  metrics: [{ metric: 'error-rate', role: 'both', method: 'e-process', margin: 0.5, tolerance: 0 }],
  minRequests: 100,
  horizonMs: 10 * MINUTE,
  maxHoldMs: 5 * MINUTE,
  maxBadEvents: undefined,
  sampleRatioThreshold: 1000,
}

/** The evidence of intervals that are all at hand. */
export const evidenceOf = (policy: RolloutPolicy, history: readonly Interval[]) =>
  history.reduce((evidence, next) => gather(policy, evidence, next), NO_EVIDENCE)

export const lookAt = (policy: RolloutPolicy, history: readonly Interval[]) =>
  decideLook(policy, evidenceOf(policy, history))

export const rowsAt = (policy: RolloutPolicy, history: readonly Interval[]) =>
  analyse(policy, evidenceOf(policy, history))
