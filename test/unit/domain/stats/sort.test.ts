import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRandom } from '../../../../src/domain/stats/random.js'
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

  it('sorts by the lower word where the upper one tells few values apart', () => {
    const random = createRandom(11)
    const spread = {
      // A step of the upper word: 17 minutes of milliseconds.
      'times of a day, long runs': 86_400_000,
      'times of a year, short runs': 365 * 86_400_000,
      'times of ten years, runs of a few': 3652 * 86_400_000,
    }
    for (const span of Object.values(spread)) {
      const times = Float64Array.from({ length: 200_000 }, (_, i) => {
        const time = 1_700_000_000_000 + Math.floor(random.next() * span)
        return i % 3 === 0 ? -time : time
      })
      expect(bits(sortFinite(times).sorted)).toEqual(bits(times.slice().sort()))
    }
  })

  it('leaves out what is not finite among many values, and counts it', () => {
    const random = createRandom(12)
    const others = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const values = Float64Array.from({ length: 5000 }, (_, i) =>
      i % 10 < 3 ? (others[i % 10] ?? 0) : random.next() - 0.5,
    )
    const result = sortFinite(values)
    expect(bits(result.sorted)).toEqual(bits(values.filter(Number.isFinite).sort()))
    expect(result).toMatchObject({
      missing: 500,
      positiveInfinities: 500,
      negativeInfinities: 500,
    })
  })

  it('sorts a part of a larger buffer and leaves the rest alone', () => {
    const random = createRandom(13)
    const whole = Float64Array.from({ length: 9000 }, () => random.next())
    const before = whole.slice()
    const part = whole.subarray(1000, 6000)
    expect(sortFinite(part).sorted).toEqual(part.slice().sort())
    expect(whole).toEqual(before)
  })

  it('gives the same where the input may be overwritten, however many digits differ', () => {
    const random = createRandom(14)
    const columns = [
      () => random.next() - 0.5,
      () => Math.floor(random.next() * 4),
      () => Math.floor(random.next() * 1e6),
      () => 1_700_000_000_000 + Math.floor(random.next() * 86_400_000),
      () => (random.next() < 0.3 ? Number.NaN : random.next()),
      () => 7,
    ]
    for (const draw of columns) {
      const values = Float64Array.from({ length: 20_000 }, draw)
      const expected = sortFinite(values)
      const result = sortFinite(values.slice(), { overwrite: true })
      expect(bits(result.sorted)).toEqual(bits(expected.sorted))
      expect(result.missing).toBe(expected.missing)
    }
  })
})
