import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { AnalysisRow } from '../../../../src/domain/rollout/analysis.js'
import { combineByMean } from '../../../../src/domain/rollout/combine.js'
import type { RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import { arm, interval, lookAt, POLICY } from './intervals.js'

const row = (eValue: number | null, promotionEValue: number | null = null): AnalysisRow => ({
  metric: 'error-rate',
  slice: null,
  method: 'conditional-binomial-mixture',
  of: 'ratio',
  estimate: null,
  low: null,
  high: null,
  eValue,
  threshold: eValue === null ? null : 40,
  promotionEValue,
  promotionThreshold: promotionEValue === null ? null : 20,
  canary: { n: 0, events: 0 },
  stable: { n: 0, events: 0 },
  status: 'continue',
})

const statuses = (...rows: AnalysisRow[]) => combineByMean(rows, 0.05).map(({ status }) => status)

describe('guards combined by the mean of their e-values', () => {
  const eValues = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), {
    minLength: 1,
    maxLength: 6,
  })

  it('roll back exactly where the mean reaches 1/alpha, hence wherever Bonferroni does', () => {
    fc.assert(
      fc.property(eValues, (values) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        fc.pre(Math.abs(mean - 20) > 1e-9)
        const rolledBack = statuses(...values.map((value) => row(value))).includes('rollback')
        expect(rolledBack).toBe(mean > 20)
        if (Math.max(...values) > 20 * values.length) expect(rolledBack).toBe(true)
      }),
    )
  })

  it('name the guards that carry the mean, and tell what each would need beside the others', () => {
    const rows = combineByMean([row(30), row(15), row(18)], 0.05)
    expect(rows.map(({ threshold }) => threshold)).toEqual([27, 20, 20])
    expect(rows.map(({ status }) => status)).toEqual(['rollback', 'continue', 'continue'])
  })

  it('leave out what does not guard, and keep what speaks for promotion', () => {
    expect(statuses(row(null, 50), row(1, 50), row(1, 5))).toEqual([
      'continue',
      'promote',
      'continue',
    ])
  })

  it('take evidence beyond all numbers', () => {
    expect(statuses(row(Number.MAX_VALUE), row(Number.MAX_VALUE), row(1))).toEqual([
      'rollback',
      'rollback',
      'continue',
    ])
  })
})

describe('a policy with `combine: mean`', () => {
  const slow = { metric: 'latency', overMilliseconds: 100, role: 'guard' } as const
  const rate = { method: 'e-process', margin: 0.5, tolerance: 0 } as const
  const policy: RolloutPolicy = { ...POLICY, metrics: [...POLICY.metrics, { ...slow, ...rate }] }
  const history = Array.from({ length: 3 }, (_, t) =>
    interval(t, {
      weight: 50,
      stable: arm(500, 4, { latency: [496, 0, 4] }),
      canary: arm(500, 10, { latency: [490, 0, 10] }),
    }),
  )

  it('rolls back where two guards have evidence and neither has enough by itself', () => {
    const alone = lookAt(policy, history)
    const [errors, latency] = alone.analysis.map(({ eValue }) => eValue ?? 0)
    expect(alone.status).not.toBe('rollback')
    expect(Math.min(errors ?? 0, latency ?? 0)).toBeGreaterThan(20)
    expect(Math.max(errors ?? 0, latency ?? 0)).toBeLessThan(40)
    expect(lookAt({ ...policy, combine: 'bonferroni' }, history).status).toBe(alone.status)
    const look = lookAt({ ...policy, combine: 'mean' }, history)
    expect(look).toMatchObject({ status: 'rollback', ending: 'rolled-back' })
  })
})
