import { describe, expect, it } from '@jest/globals'
import type { GateRule } from '../../../../src/domain/gate/policy.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { normal, tableOf, verdictOf } from './gate-fixtures.js'

/** A regression in a unit of which the true values are about `scale`; the candidate's errors are twice the baseline's. */
function worseBy(scale: number) {
  const random = createRandom(8)
  const rows = Array.from({ length: 120 }, (_, id) => ({ id, label: normal(random) }))
  const model = (spread: number) =>
    tableOf({
      id: rows.map(({ id }) => id),
      label: rows.map(({ label }) => label * scale),
      prediction: rows.map(({ label }) => (label + spread * normal(random)) * scale),
    })
  return { candidate: model(0.2), baseline: model(0.1), policy: { task: 'regression' } as const }
}

describe('the unit of a regression decides nothing', () => {
  const rules = ['mae', 'mse', 'rmse'].map(
    (metric): GateRule => ({ metric, 'no-worse-than': 'baseline', margin: 0 }),
  )

  it.each([1e-13, 1e-9, 1, 1e9])('a model twice as bad fails, in units of %p too', (scale) => {
    const { checks } = verdictOf({ ...worseBy(scale), rules })
    for (const { status, direction, interval } of checks) {
      expect([status, direction]).toEqual(['fail', 'worse'])
      expect(interval?.low).toBeGreaterThan(0)
      expect(interval?.high).toBeGreaterThan(interval?.low ?? 0)
    }
  })

  it('numbers too small to square leave nothing infinite in the verdict', () => {
    const share: GateRule = { metric: 'mae', 'no-worse-than': 'baseline', 'relative-margin': 0.1 }
    const verdict = verdictOf({ ...worseBy(1e-200), rules: [share, ...rules] })
    const numbers: number[] = []
    JSON.stringify(verdict, (_, value) => {
      if (typeof value === 'number') numbers.push(value)
      return value
    })
    expect(numbers.length).toBeGreaterThan(10)
    expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([])
    expect(verdict.decision).not.toBe('pass')
  })
})
