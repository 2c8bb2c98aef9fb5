import { describe, expect, it } from '@jest/globals'
import { procedure } from '../../../../src/cli/stats/confidence-sequence.js'

const run = (given: unknown) => procedure.run(procedure.input.parse(given))

describe('modelway stats confidence-sequence', () => {
  it('bets on the mean of values inside the bounds that were given', () => {
    const unit = run({ values: [0.2, 0.4, 0.3, 0.1] })
    const scaled = run({ values: [12, 14, 13, 11], bounds: [10, 20] })
    expect(scaled.estimate).toBeCloseTo(10 + 10 * (unit.estimate ?? 0), 9)
    expect(scaled.low).toBeCloseTo(10 + 10 * (unit.low ?? 0), 9)
    expect(scaled.high).toBeCloseTo(10 + 10 * (unit.high ?? 0), 9)
    expect(unit.pValue).toBeNull()
  })

  it('refuses values outside the bounds, and bounds the wrong way round', () => {
    expect(procedure.input.safeParse({ values: [2] }).success).toBe(false)
    expect(procedure.input.safeParse({ values: [2], method: 'quantile' }).success).toBe(true)
    expect(procedure.input.safeParse({ values: [2], bounds: [3, 1] }).success).toBe(false)
  })

  it('bounds a quantile, or says null where it cannot, and compares two', () => {
    const values = Array.from({ length: 200 }, (_, i) => 199 - i)
    const found = run({ values, method: 'quantile', quantile: 0.5, sharpestAt: 200 })
    expect(found.low).toBeGreaterThan(50)
    expect(found.high).toBeLessThan(150)
    expect(found.pValue).toBeNull()
    expect(run({ values: [1, 2], method: 'quantile' })).toMatchObject({ low: null, high: null })
    const other = values.map((value) => value + 500)
    expect(run({ values, other, method: 'quantile' }).pValue).toBeLessThan(0.001)
  })

  it('gives a mean of any values by the normal mixture', () => {
    const found = run({ values: [1, 2, 3], method: 'normal-mixture', deviation: 1 })
    expect(found.estimate).toBe(2)
    expect((found.high ?? 0) - 2).toBeCloseTo(2 - (found.low ?? 0), 9)
    expect(run({ values: [1], method: 'normal-mixture' }).estimate).toBeNull()
  })
})
