import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { meanInterval } from '../../../../src/domain/stats/mean-interval.js'
import { pairedMeanDifference } from '../../../../src/domain/stats/paired-mean.js'
import { readReference, relativeError } from './close.js'

const { pairedMean } = readReference<{
  pairedMean: {
    differences: number[]
    level: number
    mean: number
    low: number
    high: number
    statistic: number
    pValue: number
    degreesOfFreedom: number
    standardError: number
  }[]
}>('gate')

describe('pairedMeanDifference', () => {
  it.each(pairedMean)('agrees with scipy: $differences.length differences', (row) => {
    const result = pairedMeanDifference(Float64Array.from(row.differences), row.level)!
    for (const key of Object.keys(result) as (keyof typeof result)[]) {
      expect(relativeError(result[key], row[key])).toBeLessThan(1e-12)
    }
  })

  it('turns its sign with the differences and holds the mean', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 })
    fc.assert(
      fc.property(numbers, (values) => {
        const result = pairedMeanDifference(Float64Array.from(values), 0.95)!
        const turned = pairedMeanDifference(
          Float64Array.from(values, (x) => -x),
          0.95,
        )!
        expect(result.low).toBeCloseTo(-turned.high, 6)
        expect(result.pValue).toBe(turned.pValue)
        expect(result.low).toBeLessThanOrEqual(result.mean)
        expect(result.high).toBeGreaterThanOrEqual(result.mean)
        expect(Object.values(result).some(Number.isNaN)).toBe(false)
      }),
    )
  })

  it('finds no difference among zeros, and the point where all differences are equal', () => {
    expect(pairedMeanDifference(new Float64Array(5), 0.95)).toMatchObject({
      low: 0,
      high: 0,
      pValue: 1,
      statistic: 0,
    })
    expect(pairedMeanDifference(new Float64Array(7).fill(0.1), 0.95)).toMatchObject({
      mean: 0.1,
      low: 0.1,
      high: 0.1,
      standardError: 0,
      pValue: 0,
      statistic: Number.POSITIVE_INFINITY,
    })
  })

  it('is undefined for fewer than two differences, or one that is not finite', () => {
    expect(pairedMeanDifference(new Float64Array(), 0.95)).toBeUndefined()
    expect(pairedMeanDifference(Float64Array.of(1), 0.95)).toBeUndefined()
    expect(pairedMeanDifference(Float64Array.of(1, Number.POSITIVE_INFINITY), 0.95)).toBeUndefined()
    expect(pairedMeanDifference(Float64Array.of(Number.NaN, Number.NaN), 0.95)).toBeUndefined()
    expect(
      pairedMeanDifference(new Float64Array(3).fill(Number.POSITIVE_INFINITY), 0.95),
    ).toBeUndefined()
  })
})

describe('meanInterval', () => {
  it.each(pairedMean)('is the interval of scipy: $differences.length values', (row) => {
    const interval = meanInterval(Float64Array.from(row.differences), row.level)!
    expect(interval.low).toBeCloseTo(row.low, 11)
    expect(interval.high).toBeCloseTo(row.high, 11)
    expect(interval).toMatchObject({ level: row.level, method: 't' })
  })

  it('keeps its digits far from zero', () => {
    const far = meanInterval(Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3), 0.95)!
    const near = meanInterval(Float64Array.of(1, 2, 3), 0.95)!
    expect(far.high - 1e9).toBeCloseTo(near.high, 6)
  })

  it('is undefined for a single value', () => {
    expect(meanInterval(Float64Array.of(3), 0.95)).toBeUndefined()
  })
})
