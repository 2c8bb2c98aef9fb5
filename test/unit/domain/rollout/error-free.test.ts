import { describe, expect, it } from '@jest/globals'
import type { Interval } from '../../../../src/domain/rollout/observation.js'
import type { RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { rowsAt } from './intervals.js'

const policy = (atMost: number | undefined): RolloutPolicy => ({
  mode: 'canary',
  steps: [50, 100],
  mirror: 0,
  alpha: 0.05,
  metrics: [
    { metric: 'error-rate', role: 'both', method: 'e-process', margin: 0.5, tolerance: 0, atMost },
  ],
  minRequests: 1,
  horizonMs: 1e9,
  maxHoldMs: 1e9,
  maxBadEvents: undefined,
  sampleRatioThreshold: 1000,
})

function interval(requests: number, canaryErrors: number, stableErrors: number): Interval {
  const arm = (errors: number) => ({
    assigned: requests,
    requests,
    errors,
    unreachable: 0,
    latency: [requests],
  })
  return {
    step: 0,
    weight: 50,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:01.000Z',
    canary: arm(canaryErrors),
    stable: arm(stableErrors),
    mirror: { agree: 0, disagree: 0, skipped: 0, canaryOnlyErrors: 0, stableOnlyErrors: 0 },
    latencyBounds: [1],
    canaryReachable: true,
    quality: [],
  } as unknown as Interval
}

const statusOf = (atMost: number | undefined, intervals: readonly Interval[]) =>
  rowsAt(policy(atMost), intervals)[0]?.status

describe('a canary without errors', () => {
  it('is promoted once its rate is shown to be below the bound, and not before', () => {
    expect(statusOf(0.001, [interval(1000, 0, 0)])).toBe('continue')
    expect(statusOf(0.001, [interval(6000, 0, 0)])).toBe('promote')
  })

  it('is never promoted by a ratio of nothing to nothing', () => {
    expect(statusOf(undefined, [interval(1_000_000, 0, 0)])).toBe('continue')
  })

  it('is hardly ever promoted at the bound, where it is also worse by the margin', () => {
    const random = createRandom(11)
    const errors = (n: number, rate: number) => {
      let count = 0
      for (let i = 0; i < n; i++) if (random.next() < rate) count++
      return count
    }
    let promoted = 0
    const runs = 200
    for (let run = 0; run < runs; run++) {
      const intervals: Interval[] = []
      for (let look = 0; look < 10; look++) {
        intervals.push(interval(400, errors(400, 0.01), errors(400, 0.01 / 1.5)))
        if (statusOf(0.01, intervals) === 'promote') {
          promoted++
          break
        }
      }
    }
    expect(promoted / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
  })
})
