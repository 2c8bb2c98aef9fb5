import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { sortFinite } from '../../../../src/domain/stats/sort.js'

function bits(values: Float64Array): bigint[] {
  return [...new BigUint64Array(values.slice().buffer)]
}

describe('sortFinite', () => {
  it('counts what is not finite and leaves the input alone', () => {
    const values = Float64Array.of(
      3,
      Number.NaN,
      -1,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    )
    const before = [...values]
    expect(sortFinite(values)).toEqual({
      sorted: Float64Array.of(-1, 3),
      missing: 1,
      positiveInfinities: 1,
      negativeInfinities: 1,
    })
    expect([...values]).toEqual(before)
  })

  it('gives an empty array for no values', () => {
    expect(sortFinite(new Float64Array(0)).sorted).toHaveLength(0)
    expect(sortFinite(Float64Array.of(Number.NaN)).sorted).toHaveLength(0)
  })

  it('is TypedArray.sort bit for bit on large arrays of any doubles', () => {
    const doubles = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 50,
      maxLength: 50,
    })
    fc.assert(
      fc.property(doubles, fc.integer({ min: 1, max: 60 }), (some, step) => {
        // Repeats and scales fifty arbitrary doubles to a length at which the radix sort is used.
        const values = Float64Array.from({ length: 2500 }, (_, i) => {
          const value = (some[i % 50] ?? 0) / 2 ** ((i * step) % 97)
          return i % 7 === 0 ? -value : value
        })
        expect(bits(sortFinite(values).sorted)).toEqual(bits(values.slice().sort()))
      }),
      { numRuns: 50, seed: 3 },
    )
  })

  it('keeps -0 before 0 in large arrays, and sorts constants and extremes', () => {
    const zeros = Float64Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? 0 : -0))
    expect(bits(sortFinite(zeros).sorted)).toEqual(bits(zeros.slice().sort()))
    const constant = new Float64Array(3000).fill(-2.5)
    expect(sortFinite(constant).sorted).toEqual(constant)
    const extremes = Float64Array.from({ length: 3000 }, (_, i) =>
      i % 3 === 0 ? Number.MAX_VALUE : i % 3 === 1 ? -Number.MAX_VALUE : Number.MIN_VALUE,
    )
    expect(bits(sortFinite(extremes).sorted)).toEqual(bits(extremes.slice().sort()))
  })
})
