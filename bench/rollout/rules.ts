import { gather, NO_EVIDENCE } from '../../src/domain/rollout/analyse.js'
import { decideLook } from '../../src/domain/rollout/decide.js'
import type { Interval } from '../../src/domain/rollout/observation.js'
import { assessArgoMetric } from '../../src/domain/rollout/peers/argo.js'
import { flaggerCheckFails, flaggerRollsBack } from '../../src/domain/rollout/peers/flagger.js'
import { classifyKayentaMetric } from '../../src/domain/rollout/peers/kayenta.js'
import type { RolloutPolicy } from '../../src/domain/rollout/policy.js'
import {
  addStratum,
  groupSequentialBounds,
  type StratifiedScore,
  stratifiedZ,
} from '../../src/domain/stats/group-sequential.js'
import type { IntervalCounts } from '../../src/domain/stats/interval-counts.js'
import { createRateEProcess } from '../../src/domain/stats/rate-e-process.js'
import { createRateNormalMixture } from '../../src/domain/stats/stratified-normal-mixture.js'
import { INTERVALS, WEIGHTS, weightAt } from './traffic.js'

/** The interval (from 0) after which a rule rolls back; undefined: never. */
export type Rule = (rollout: readonly IntervalCounts[]) => number | undefined

const ALPHA = 0.05
const Z = 1.6448536269514722

/** The settings under which the product decides here. */
export const POLICY: RolloutPolicy = {
  mode: 'canary',
  steps: [...WEIGHTS, 100],
  mirror: 0,
  alpha: ALPHA,
  metrics: [{ metric: 'error-rate', role: 'both', method: 'e-process', margin: 0.5, tolerance: 0 }],
  minRequests: 1,
  horizonMs: 1e12,
  maxHoldMs: 1e12,
  maxBadEvents: undefined,
  sampleRatioThreshold: 1e3,
}

const NO_MIRROR = { agree: 0, disagree: 0, canaryOnlyErrors: 0, stableOnlyErrors: 0, discarded: 0 }

export function asInterval({ canary, stable }: IntervalCounts, t: number): Interval {
  const arm = ({ n, events }: { n: number; events: number }) => ({
    assigned: n,
    requests: n,
    errors: events,
    unreachable: 0,
    latency: [n],
  })
  return {
    step: Math.floor(t / 10),
    weight: (100 * canary.n) / (canary.n + stable.n),
    startedAt: new Date(60000 * t).toISOString(),
    endedAt: new Date(60000 * (t + 1)).toISOString(),
    latencyBounds: [],
    canaryReachable: true,
    quality: [],
    canary: arm(canary),
    stable: arm(stable),
    mirror: NO_MIRROR,
  }
}

/** The product's own decision, look by look. */
const product: Rule = (rollout) => {
  let evidence = NO_EVIDENCE
  for (const [t, counts] of rollout.entries()) {
    evidence = gather(POLICY, evidence, asInterval(counts, t))
    if (decideLook(POLICY, evidence).status === 'rollback') return t
  }
  return undefined
}

/** The interval at which the product would promote for good; undefined: never, or rolled back before. */
export const promotion: Rule = (rollout) => {
  let evidence = NO_EVIDENCE
  for (const [t, counts] of rollout.entries()) {
    evidence = gather(POLICY, evidence, asInterval(counts, t))
    const { status, reasons } = decideLook(POLICY, evidence)
    if (status === 'rollback') return undefined
    if (reasons.some(({ code }) => code === 'not-worse')) return t
  }
  return undefined
}

/** Promotion without steps: the first interval at which the evidence would do. */
export const promotionEvidence: Rule = (rollout) => {
  const process = createRateEProcess({ ratio: 1.5, direction: 'decrease' })
  const at = rollout.findIndex((interval) => {
    process.update(interval)
    return process.logEValue() >= Math.log(1 / ALPHA)
  })
  return at === -1 ? undefined : at
}

/** The evidence of requests alone, as it was before the guard against noise. */
const unguarded: Rule = (rollout) => {
  const process = createRateEProcess({ ratio: 1, direction: 'increase' })
  const at = rollout.findIndex((interval) => {
    process.update(interval)
    return process.logEValue() >= Math.log(1 / ALPHA)
  })
  return at === -1 ? undefined : at
}

const normalMixture: Rule = (rollout) => {
  const process = createRateNormalMixture({ ratio: 1, direction: 'increase' })
  const at = rollout.findIndex((interval) => {
    process.update(interval)
    return process.logEValue() >= Math.log(1 / ALPHA)
  })
  return at === -1 ? undefined : at
}

/** Sample size for which GrowthBook tunes its sequence unless told. */
const TUNED_FOR = 5000

/**
 * Asymptotic confidence sequence of the difference of pooled means, one-sided at alpha (Waudby-Smith et al. 2024,
 * arXiv:2103.06476, eq. 9), with GrowthBook's tuning.
 */
const asymptotic: Rule = (rollout) => {
  const level = 2 * ALPHA
  const rho = Math.sqrt((-2 * Math.log(level) + Math.log(1 - 2 * Math.log(level))) / TUNED_FOR)
  const arms = { canary: { n: 0, events: 0 }, stable: { n: 0, events: 0 } }
  const at = rollout.findIndex((interval) => {
    for (const arm of ['canary', 'stable'] as const) {
      arms[arm].n += interval[arm].n
      arms[arm].events += interval[arm].events
    }
    const { canary, stable } = arms
    const rates = [canary.events / canary.n, stable.events / stable.n] as const
    const variance = (rates[0] * (1 - rates[0])) / canary.n + (rates[1] * (1 - rates[1])) / stable.n
    const n = canary.n + stable.n
    const spread = n * rho * rho + 1
    const radius = Math.sqrt(
      ((2 * variance * spread) / (n * rho * rho)) * Math.log(Math.sqrt(spread) / level),
    )
    return canary.events > 0 && rates[0] - rates[1] > radius
  })
  return at === -1 ? undefined : at
}

const stoppingEProcess: Rule = (rollout) => {
  const process = createRateEProcess({ ratio: 1, direction: 'increase', stopAt: 1 / ALPHA })
  const at = rollout.findIndex((interval) => {
    process.update(interval)
    return process.logEValue() >= Math.log(1 / ALPHA)
  })
  return at === -1 ? undefined : at
}

const LOOKS = [9, 19, 29, 39] as const

/** Design information: sizes alone, the same in every rollout. */
const gstBounds = (() => {
  let information = 0
  const at = Array.from({ length: INTERVALS }, (_, t) => {
    const w = weightAt(t) / 100
    information += w * (1 - w)
    return information
  })
  const looks = LOOKS.map((t) => ({ time: (at[t] ?? 0) / information, information: at[t] ?? 0 }))
  return groupSequentialBounds({ alpha: ALPHA, spending: 'obrien-fleming', looks })
})()

function groupSequential(zOf: (rollout: readonly IntervalCounts[]) => number): Rule {
  return (rollout) =>
    LOOKS.find((t, k) => zOf(rollout.slice(0, t + 1)) >= (gstBounds[k] ?? Number.POSITIVE_INFINITY))
}

function stratified(rollout: readonly IntervalCounts[]): number {
  let sums: StratifiedScore | undefined
  for (const interval of rollout) sums = addStratum(interval, sums)
  return sums === undefined ? 0 : stratifiedZ(sums)
}

/** All intervals as one table: what most dashboards do. */
function pooled(rollout: readonly IntervalCounts[]): number {
  const sum = { canary: { n: 0, events: 0 }, stable: { n: 0, events: 0 } }
  for (const { canary, stable } of rollout) {
    sum.canary = { n: sum.canary.n + canary.n, events: sum.canary.events + canary.events }
    sum.stable = { n: sum.stable.n + stable.n, events: sum.stable.events + stable.events }
  }
  const { score, variance } = addStratum(sum)
  return variance > 0 ? score / Math.sqrt(variance) : 0
}

/** Kayenta on error rates a minute, judged every 5 minutes. */
const kayenta: Rule = (rollout) => {
  const rates = (arm: 'canary' | 'stable') => rollout.map((one) => one[arm].events / one[arm].n)
  const [experiment, control] = [rates('canary'), rates('stable')]
  for (let t = 4; t < rollout.length; t += 5) {
    const metric = {
      name: 'errors',
      direction: 'increase' as const,
      nanStrategy: 'remove' as const,
      experiment: experiment.slice(0, t + 1),
      control: control.slice(0, t + 1),
    }
    if (classifyKayentaMetric(metric).class === 'High') return t
  }
  return undefined
}

function argo(failureLimit: number): Rule {
  return (rollout) => {
    const seen = rollout.map(({ canary }) =>
      canary.events / canary.n > 0.02 ? ('Failed' as const) : ('Successful' as const),
    )
    const at = seen.findIndex(
      (_, t) => assessArgoMetric({ failureLimit }, seen.slice(0, t + 1)) === 'Failed',
    )
    return at === -1 ? undefined : at
  }
}

const flagger: Rule = (rollout) => {
  let failed = 0
  for (const [t, { canary }] of rollout.entries()) {
    if (flaggerCheckFails(canary.events / canary.n, { max: 0.02 })) failed += 1
    if (flaggerRollsBack(failed, 5)) return t
  }
  return undefined
}

export const RULES: Readonly<Record<string, Rule>> = {
  'Modelway, decideLook': product,
  'e-process without the guard': unguarded,
  'e-process with stopAt, without the guard': stoppingEProcess,
  'Modelway, normal mixture': normalMixture,
  'Modelway, group-sequential (CMH)': groupSequential(stratified),
  'group-sequential O’Brien–Fleming, pooled': groupSequential(pooled),
  'AsympCS as in GrowthBook, pooled': asymptotic,
  'z at every look, pooled': (rollout) => {
    const at = rollout.findIndex((_, t) => pooled(rollout.slice(0, t + 1)) >= Z)
    return at === -1 ? undefined : at
  },
  'z at the end, pooled': (rollout) => (pooled(rollout) >= Z ? rollout.length - 1 : undefined),
  'Kayenta every 5 intervals': kayenta,
  'Argo > 2 %, failureLimit 0': argo(0),
  'Argo > 2 %, failureLimit 3': argo(3),
  'Flagger > 2 %, threshold 5': flagger,
}
