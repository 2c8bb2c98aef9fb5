import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compareSorted } from '../../../../src/domain/stats/compare-sorted.js'

/** By the definition: both distribution functions at every value, and the area of each step between two values. */
function byDefinition(a: Float64Array, b: Float64Array) {
  const values = [...new Set([...a, ...b])].sort((x, y) => x - y)
  const upTo = (sample: Float64Array, limit: number) =>
    sample.filter((value) => value <= limit).length
  let area = 0
  let gap = { statistic: 0, steps: 0, location: values[0] ?? 0 }
  for (const [i, value] of values.entries()) {
    const [inA, inB] = [upTo(a, value), upTo(b, value)]
    const statistic = Math.abs(inA / a.length - inB / b.length)
    const steps = Math.abs(inA * b.length - inB * a.length)
    if (steps > gap.steps) gap = { statistic, steps, location: value }
    area += statistic * ((values[i + 1] ?? value) - value)
  }
  return { gap, area }
}

describe('compareSorted', () => {
  it('finds the gap, where it is, and the area as the definition does, with ties within and across samples', () => {
    const sample = fc
      .array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 40 })
      .map((values) => Float64Array.from(values).sort())
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const found = compareSorted(a, b)
        const expected = byDefinition(a, b)
        expect(found?.gap).toEqual(expected.gap)
        expect(found?.area).toBeCloseTo(expected.area, 10)
      }),
      { numRuns: 500, seed: 5 },
    )
  })

  it('sees a gap after the last value of one sample', () => {
    const found = compareSorted(Float64Array.of(1, 1), Float64Array.of(1, 2, 3))
    expect(found?.gap).toEqual({ statistic: 1 - 1 / 3, steps: 4, location: 1 })
    expect(found?.area).toBeCloseTo(1, 12)
  })

  it('takes both zeros for one value', () => {
    expect(compareSorted(Float64Array.of(-0, 1), Float64Array.of(0, 1))).toMatchObject({
      gap: { statistic: 0, steps: 0 },
      area: 0,
    })
  })

  it('has nothing to say of an empty sample', () => {
    expect(compareSorted(new Float64Array(0), Float64Array.of(1))).toBeUndefined()
    expect(compareSorted(Float64Array.of(1), new Float64Array(0))).toBeUndefined()
  })
})
