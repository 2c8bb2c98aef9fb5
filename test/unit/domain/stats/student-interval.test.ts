import { describe, expect, it } from '@jest/globals'
import { estimateMean } from '../../../../src/domain/stats/student-interval.js'

const SHAPE = Array.from({ length: 1001 }, (_, i) => ((i * 37) % 16) / 8)
const shaped = (of: (value: number) => number) => estimateMean(Float64Array.from(SHAPE, of))
const plain = shaped((value) => value)

describe('a mean with its standard error', () => {
  it('is that of the same values far from zero', () => {
    const far = shaped((value) => 1e15 + value)
    expect(far?.standardError).toBeCloseTo(plain?.standardError ?? 0, 14)
    expect(Math.abs((far?.mean ?? 0) - 1e15 - (plain?.mean ?? 0))).toBeLessThanOrEqual(0.0625)
  })

  it.each([2 ** 1000, 2 ** -1000])('has the unit of its values (%d)', (unit) => {
    const found = shaped((value) => value * unit)
    expect((found?.mean ?? 0) / unit).toBeCloseTo(plain?.mean ?? 0, 13)
    expect((found?.standardError ?? 0) / unit).toBeCloseTo(plain?.standardError ?? 0, 14)
  })

  it('is none of fewer than two values, or of one that is not finite', () => {
    expect(estimateMean(Float64Array.of(1))).toBeUndefined()
    expect(estimateMean(Float64Array.of(1, 2, Number.NaN))).toBeUndefined()
    expect(estimateMean(Float64Array.of(1, 2, Infinity))).toBeUndefined()
    expect(estimateMean(Float64Array.of(-Infinity, Infinity))).toBeUndefined()
  })

  it('of equal values has no error', () => {
    expect(estimateMean(Float64Array.of(0.1, 0.1, 0.1))).toMatchObject({
      mean: 0.1,
      standardError: 0,
    })
  })
})
