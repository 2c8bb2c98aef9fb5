import { describe, expect, it } from '@jest/globals'
import type { Interval } from '../../../../src/domain/rollout/observation.js'
import type { RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import { rowsAt } from './intervals.js'

const policy = (mirror: number): RolloutPolicy => ({
  mode: 'canary',
  steps: [50, 100],
  mirror,
  alpha: 0.05,
  metrics: [
    {
      metric: 'quality',
      role: 'both',
      method: 'normal-mixture',
      margin: 0.5,
      tolerance: 0,
      slices: [],
    },
  ],
  minRequests: 1,
  horizonMs: 1e9,
  maxHoldMs: 1e9,
  maxBadEvents: undefined,
  sampleRatioThreshold: 1000,
})

const arm = { assigned: 100, requests: 100, errors: 0, unreachable: 0, latency: [100] }
const interval = {
  step: 0,
  weight: 50,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  canary: arm,
  stable: arm,
  mirror: { agree: 60, disagree: 40, skipped: 0, canaryOnlyErrors: 0, stableOnlyErrors: 0 },
  latencyBounds: [1],
  canaryReachable: true,
  quality: [
    {
      slice: undefined,
      // By counts alone the two are alike; the requests that both answered say otherwise.
      counts: { canary: { n: 100, events: 20 }, stable: { n: 100, events: 20 } },
      pairs: { canaryOnly: 36, stableOnly: 4 },
    },
  ],
} as unknown as Interval

describe('quality of a canary', () => {
  it('is judged by pairs where every request is mirrored', () => {
    const [row] = rowsAt(policy(100), [interval])
    expect(row).toMatchObject({ method: 'sequential-mcnemar', status: 'rollback' })
    expect(row?.canary).toEqual({ n: 40, events: 36 })
  })

  it('is judged by counts where only some requests are', () => {
    const [row] = rowsAt(policy(50), [interval])
    expect(row).toMatchObject({ method: 'stratified-normal-mixture', status: 'continue' })
  })
})
