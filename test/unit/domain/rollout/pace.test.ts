import { describe, expect, it } from '@jest/globals'
import { allowedWeight } from '../../../../src/domain/rollout/pace.js'
import type { RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import { arm, interval, lookAt, POLICY, rowsAt } from './intervals.js'

const policy: RolloutPolicy = {
  ...POLICY,
  pace: 'evidence',
  maxHarm: 0.1,
  steps: [1, 5, 20, 50, 100],
  minRequests: 1,
}
const seen = (count: number, canary: number, stable: number) =>
  Array.from({ length: count }, (_, t) =>
    interval(t, { weight: 1, stable: arm(99_000, 990 * stable), canary: arm(1000, 10 * canary) }),
  )

describe('the pace of the evidence', () => {
  it('keeps the failures of all users within max-harm of what stable alone would have', () => {
    const rows = rowsAt(policy, seen(20, 1, 1))
    const high = rows[0]?.high ?? Number.NaN
    expect(high).toBeGreaterThan(1)
    const weight = allowedWeight(policy, rows) / 100
    expect(1 + weight * (high - 1)).toBeCloseTo(1.1, 9)
  })

  it('allows no more weight before anything is known', () => {
    expect(allowedWeight(policy, rowsAt(policy, []))).toBe(0)
    expect(lookAt(policy, seen(1, 0, 0))).toMatchObject({ status: 'continue' })
  })

  it('skips the steps that the evidence has passed already, and never a closing one', () => {
    const look = lookAt(policy, seen(60, 1, 1))
    expect(look.status).toBe('promote')
    const allowed = allowedWeight(policy, look.analysis)
    const reachable = [1, 5, 20, 50].findLastIndex((weight) => weight <= allowed)
    expect(look.next).toBe(reachable)
    expect(look.next).toBeGreaterThan(1)
  })

  it.each(['e-process', 'normal-mixture'] as const)(
    'trusts less what varies more between intervals than by chance (%s)',
    (method) => {
      const metrics: RolloutPolicy['metrics'] = [
        { metric: 'error-rate', role: 'both', method, margin: 0.5, tolerance: 0 },
      ]
      const rowsWith = (swing: number) =>
        rowsAt(
          { ...policy, metrics },
          Array.from({ length: 20 }, (_, t) => {
            const failed = 30 + (t % 2 === 0 ? swing : -swing)
            return interval(t, { weight: 5, stable: arm(57_000, 570), canary: arm(3000, failed) })
          }),
        )
      const [calm, noisy] = [rowsWith(0), rowsWith(25)]
      expect(noisy[0]?.method).toMatch(/\+interval-mixture$/)
      expect(noisy[0]?.estimate).toBeCloseTo(calm[0]?.estimate ?? Number.NaN, 9)
      expect(allowedWeight(policy, noisy)).toBeLessThan(0.7 * allowedWeight(policy, calm))
    },
  )

  it('says which weight the evidence allows where it is not the next one', () => {
    const few = interval(0, { weight: 1, stable: arm(9900, 99), canary: arm(100, 1) })
    const look = lookAt(policy, [few])
    expect(look.status).toBe('continue')
    expect(look.reasons[0]?.text).toMatch(
      /The evidence allows a weight of [\d.]+ %; the next is 5 %/,
    )
  })

  it('goes by the rate that is good enough by itself where stable hardly fails', () => {
    const metrics: RolloutPolicy['metrics'] = [
      {
        metric: 'error-rate',
        role: 'both',
        method: 'e-process',
        margin: 0.5,
        tolerance: 0,
        atMost: 0.01,
      },
    ]
    const rows = rowsAt({ ...policy, metrics }, seen(20, 0, 0))
    expect(rows[0]?.high).toBeNull()
    expect(allowedWeight({ ...policy, metrics }, rows)).toBe(100)
  })
})
