import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fieller } from '../../../../src/domain/stats/fieller.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { ratioOfMeans, ratioOfMeansUnpaired } from '../../../../src/domain/stats/ratio-of-means.js'
import { normalQuantile } from '../../../../src/domain/stats/special/normal.js'
import { welchDifference } from '../../../../src/domain/stats/welch.js'
import { readReference, relativeError } from './close.js'

interface Two {
  candidate: number[]
  baseline: number[]
  level: number
  low: number
  high: number
}
const reference = readReference<{
  ratioOfMeans: (Two & {
    name: string
    weights: number[] | null
    clusters: number[] | null
    ratio: number
    tested: number
    statistic: number
    below: number
  })[]
  ratioOfMeansUnpaired: (Two & { degreesOfFreedom: number })[]
  welch: (Two & { statistic: number; pValue: number; degreesOfFreedom: number })[]
}>('gate-methods')
const number = fc.integer({ min: -500, max: 2000 }).map((x) => x / 100)
const pairs = fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 40 })

describe('ratioOfMeans', () => {
  it.each(reference.ratioOfMeans)("agrees with a search of the t test's p-value: $name", (row) => {
    const found = ratioOfMeans({
      candidate: Float64Array.from(row.candidate),
      baseline: Float64Array.from(row.baseline),
      weights: row.weights ?? undefined,
      clusters: row.clusters ?? undefined,
      level: row.level,
    })!
    const negative = row.name === 'negative baseline'
    expect(found.shape).toBe('interval')
    expect(relativeError(found.ratio, row.ratio)).toBeLessThan(1e-12)
    // Over a negative baseline a t that falls with the ratio rises, and the ends of the search are not found.
    if (!negative) {
      expect(relativeError(found.low, row.low)).toBeLessThan(1e-9)
      expect(relativeError(found.high, row.high)).toBeLessThan(1e-9)
    }
    const test = found.testAt(row.tested)
    const sign = negative ? -1 : 1
    expect(relativeError(sign * test.statistic, row.statistic)).toBeLessThan(1e-9)
    expect(relativeError(negative ? test.above : test.below, row.below)).toBeLessThan(1e-9)
  })

  it('rejects exactly the ratios outside its set, whatever its shape', () => {
    fc.assert(
      fc.property(pairs, fc.double({ min: -8, max: 8, noNaN: true }), (list, tested) => {
        const found = ratioOfMeans({
          candidate: Float64Array.from(list, ([one]) => one),
          baseline: Float64Array.from(list, ([, other]) => other),
          level: 0.9,
        })
        if (found === undefined) return
        const { pValue } = found.testAt(tested)
        fc.pre(Math.abs(pValue - 0.1) > 1e-6)
        const { excluded } = found
        const outside =
          found.shape === 'outside'
            ? excluded!.low < tested && tested < excluded!.high
            : tested < found.low || tested > found.high
        expect(pValue < 0.1).toBe(outside)
      }),
      { numRuns: 500 },
    )
  })

  it('scales with the candidate, and is undone by swapping the models', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const candidate = Float64Array.from(list, ([one]) => one + 30)
        const baseline = Float64Array.from(list, ([, other]) => other + 30)
        const found = ratioOfMeans({ candidate, baseline, level: 0.95 })
        if (found?.shape !== 'interval') return
        const tripled = ratioOfMeans({
          candidate: candidate.map((x) => 3 * x),
          baseline,
          level: 0.95,
        })!
        expect(relativeError(tripled.low, 3 * found.low)).toBeLessThan(1e-9)
        const swapped = ratioOfMeans({ candidate: baseline, baseline: candidate, level: 0.95 })!
        if (swapped.shape !== 'interval' || found.low <= 0) return
        expect(relativeError(swapped.high, 1 / found.low)).toBeLessThan(1e-8)
      }),
    )
  })

  it('is the point for equal and proportional models, and for models that do not vary', () => {
    const baseline = Float64Array.of(0.3, 0.1, 0.7, 0.2)
    const level = 0.95
    expect(ratioOfMeans({ candidate: baseline, baseline, level })).toMatchObject({
      ratio: 1,
      low: 1,
      high: 1,
    })
    const scaled = ratioOfMeans({ candidate: baseline.map((x) => 1.1 * x), baseline, level })!
    expect(scaled.high - scaled.low).toBeLessThan(1e-15)
    const constant = ratioOfMeans({
      candidate: new Float64Array(3).fill(3),
      baseline: new Float64Array(3).fill(2),
      level,
    })!
    expect(constant).toMatchObject({ low: 1.5, high: 1.5 })
    expect(constant.testAt(1.4)).toMatchObject({ pValue: 0, above: 0, below: 1 })
    expect(constant.testAt(1.5)).toMatchObject({ statistic: 0, pValue: 1 })
  })

  it('says when the baseline may be 0: all ratios, or all but some, with no ends', () => {
    const everything = ratioOfMeans({
      candidate: Float64Array.of(1, -1, 0.5, -0.4),
      baseline: Float64Array.of(2, -2, 1, -0.5),
      level: 0.95,
    })!
    expect(everything).toMatchObject({ shape: 'everything', low: -Infinity, high: Infinity })
    const outside = ratioOfMeans({
      candidate: Float64Array.of(10, 10.1, 9.9, 10.2),
      baseline: Float64Array.of(2, -2, 1, -0.5),
      level: 0.95,
    })!
    expect(outside.shape).toBe('outside')
    expect(outside.excluded!.low).toBeLessThan(0)
    expect(outside.excluded!.high).toBeGreaterThan(0)
  })

  it('is undefined for a baseline mean of 0, unequal lengths, one row and NaN', () => {
    const one = Float64Array.of(1, 2)
    const level = 0.95
    expect(
      ratioOfMeans({ candidate: one, baseline: Float64Array.of(1, -1), level }),
    ).toBeUndefined()
    expect(ratioOfMeans({ candidate: one, baseline: Float64Array.of(1), level })).toBeUndefined()
    expect(
      ratioOfMeans({ candidate: one.subarray(1), baseline: one.subarray(1), level }),
    ).toBeUndefined()
    expect(
      ratioOfMeans({ candidate: one, baseline: Float64Array.of(1, Number.NaN), level }),
    ).toBeUndefined()
  })

  it('covers the true ratio in 95 % of samples', () => {
    const random = createRandom(8)
    const normal = () => normalQuantile(random.next() || 0.5)
    const runs = 2000
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const shared = Array.from({ length: 15 }, normal)
      const candidate = Float64Array.from(shared, (x) => 4 + x + normal())
      const baseline = Float64Array.from(shared, (x) => 5 + x + normal())
      const { low, high } = ratioOfMeans({ candidate, baseline, level: 0.95 })!
      if (low <= 0.8 && 0.8 <= high) covered++
    }
    expect(Math.abs(covered / runs - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / runs))
  })
})

describe('ratioOfMeansUnpaired', () => {
  it.each(reference.ratioOfMeansUnpaired)('agrees with a search by definition', (row) => {
    const found = ratioOfMeansUnpaired({
      candidate: { values: Float64Array.from(row.candidate) },
      baseline: { values: Float64Array.from(row.baseline) },
      level: row.level,
    })!
    expect(relativeError(found.degreesOfFreedom, row.degreesOfFreedom)).toBeLessThan(1e-11)
    expect(relativeError(found.low, row.low)).toBeLessThan(1e-10)
    expect(relativeError(found.high, row.high)).toBeLessThan(1e-10)
  })
})

describe('fieller', () => {
  it('has normal quantiles without degrees of freedom, and ends at one side where the other is at infinity', () => {
    const z = normalQuantile(0.975)
    const found = fieller({
      candidate: 3,
      baseline: 2,
      candidateVariance: 0.04,
      baselineVariance: 0,
      covariance: 0,
      level: 0.95,
    })!
    expect(found.low).toBeCloseTo((3 - z * 0.2) / 2, 14)
    expect(found.high).toBeCloseTo((3 + z * 0.2) / 2, 14)
  })

  it('is undefined for numbers that are not finite and negative variances', () => {
    const input = {
      candidate: 1,
      baseline: 1,
      candidateVariance: 1,
      baselineVariance: 1,
      covariance: 0,
      level: 0.9,
    }
    expect(fieller({ ...input, baseline: 0 })).toBeUndefined()
    expect(fieller({ ...input, candidate: Number.NaN })).toBeUndefined()
    expect(fieller({ ...input, baselineVariance: -1 })).toBeUndefined()
    expect(fieller({ ...input, degreesOfFreedom: 0 })).toBeUndefined()
  })
})

describe('welchDifference', () => {
  it.each(reference.welch)('agrees with scipy', (row) => {
    const found = welchDifference({
      candidate: { values: Float64Array.from(row.candidate) },
      baseline: { values: Float64Array.from(row.baseline) },
      level: row.level,
    })!
    for (const key of ['statistic', 'pValue', 'degreesOfFreedom', 'low', 'high'] as const) {
      expect(relativeError(found[key], row[key])).toBeLessThan(1e-10)
    }
  })

  it('is the point where nothing varies, and undefined where a sample has one value', () => {
    const sample = (...values: number[]) => ({ values: Float64Array.from(values) })
    expect(
      welchDifference({ candidate: sample(2, 2), baseline: sample(1, 1, 1), level: 0.9 }),
    ).toMatchObject({ difference: 1, low: 1, high: 1, pValue: 0 })
    expect(
      welchDifference({ candidate: sample(2, 2), baseline: sample(2, 2), level: 0.9 }),
    ).toMatchObject({ statistic: 0, pValue: 1 })
    expect(
      welchDifference({ candidate: sample(2), baseline: sample(1, 2), level: 0.9 }),
    ).toBeUndefined()
  })
})
