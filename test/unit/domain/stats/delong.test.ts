import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { delongPaired, delongSingle } from '../../../../src/domain/stats/delong.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../src/domain/stats/special/normal.js'
import { readReference, relativeError } from './close.js'

const reference = readReference<{
  delong: {
    name: string
    level: number
    labels: number[]
    scores: number[]
    baselineScores: number[]
    auc: number
    baselineAuc: number
    difference: number
    low: number
    high: number
    statistic: number
    pValue: number
    variance: number
    standardError: number
  }[]
}>('gate')

/** Examples with ties, infinite scores and at least two of either class. */
const examples = fc
  .array(
    fc.record({
      label: fc.nat(1),
      score: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(-Infinity, Infinity)),
      baseline: fc.integer({ min: -5, max: 5 }),
    }),
    { minLength: 8, maxLength: 80 },
  )
  .filter((rows) => {
    const positives = rows.filter(({ label }) => label === 1).length
    return positives >= 2 && rows.length - positives >= 2
  })
type Row = { label: number; score: number; baseline: number }
const labelsOf = (rows: Row[]) => rows.map(({ label }) => label)
const scoresOf = (rows: Row[]) => Float64Array.from(rows, ({ score }) => score)
const baselinesOf = (rows: Row[]) => Float64Array.from(rows, ({ baseline }) => baseline)
const compare = (rows: Row[]) =>
  delongPaired(labelsOf(rows), scoresOf(rows), baselinesOf(rows), 0.9)!

describe('delongPaired', () => {
  it.each(reference.delong)('agrees with the definition over all pairs: $name', (row) => {
    const result = delongPaired(
      row.labels,
      Float64Array.from(row.scores),
      Float64Array.from(row.baselineScores),
      row.level,
    )!
    const keys = [
      'auc',
      'baselineAuc',
      'difference',
      'low',
      'high',
      'statistic',
      'pValue',
      'variance',
    ] as const
    for (const key of keys) expect(relativeError(result[key], row[key])).toBeLessThan(1e-10)
  })

  it('turns its sign when the models are swapped', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const result = compare(rows)
        const swapped = delongPaired(labelsOf(rows), baselinesOf(rows), scoresOf(rows), 0.9)!
        expect(result.difference).toBeCloseTo(-swapped.difference, 14)
        expect(result.low).toBeCloseTo(-swapped.high, 12)
        expect(result.pValue).toBeCloseTo(swapped.pValue, 12)
        expect(result.low).toBeLessThanOrEqual(result.difference)
        expect(result.high).toBeGreaterThanOrEqual(result.difference)
        expect(Object.values(result).some(Number.isNaN)).toBe(false)
      }),
    )
  })

  it('does not depend on the order of the rows or on a rising change of the scores', () => {
    fc.assert(
      fc.property(examples, fc.nat(), (rows, seed) => {
        const random = createRandom(seed)
        const shuffled = [...rows].sort(() => random.next() - 0.5)
        const changed = shuffled.map((row) => ({ ...row, score: Math.atan(row.score) / 3 + 7 }))
        const result = compare(rows)
        const again = compare(changed)
        expect(again.auc).toBe(result.auc)
        expect(again.difference).toBe(result.difference)
        expect(again.variance).toBeCloseTo(result.variance, 13)
      }),
    )
  })

  it('finds no difference, with certainty, between equal rankings', () => {
    const scores = Float64Array.from([0.1, 0.4, 0.35, 0.8])
    const result = delongPaired(
      [0, 0, 1, 1],
      scores,
      scores.map((x) => x * 2),
      0.95,
    )
    expect(result).toMatchObject({
      difference: 0,
      low: 0,
      high: 0,
      statistic: 0,
      pValue: 1,
      variance: 0,
    })
  })

  it('is undefined for one class, a single example of a class, NaN scores or unequal lengths', () => {
    const scores = Float64Array.from([1, 2, 3, 4])
    expect(delongPaired([1, 1, 1, 1], scores, scores, 0.95)).toBeUndefined()
    expect(delongPaired([0, 0, 0, 1], scores, scores, 0.95)).toBeUndefined()
    expect(
      delongPaired([0, 0, 1, 1], scores, Float64Array.from([1, 2, Number.NaN, 4]), 0.95),
    ).toBeUndefined()
    expect(delongPaired([0, 0, 1, 1], scores, scores.subarray(1), 0.95)).toBeUndefined()
    expect(delongPaired([], new Float64Array(), new Float64Array(), 0.95)).toBeUndefined()
  })

  it('agrees for a long list, sorted by digits, with the same list tripled: variance shrinks as counts do', () => {
    const random = createRandom(2)
    const n = 6000
    const labels = Array.from({ length: n }, () => random.below(2))
    const scores = Float64Array.from(labels, (label) =>
      Math.round((label + random.next() * 3) * 50),
    )
    const baseline = Float64Array.from(labels, (label) => label * 0.5 + random.next())
    const one = delongPaired(labels, scores, baseline, 0.95)!
    const start = delongPaired(
      labels.slice(0, 3000),
      scores.slice(0, 3000),
      baseline.slice(0, 3000),
      0.95,
    )!
    const thrice = (values: ArrayLike<number>) => [0, 1, 2].flatMap(() => Array.from(values))
    const short = delongPaired(
      thrice(labels.slice(0, 3000)),
      Float64Array.from(thrice(scores.slice(0, 3000))),
      Float64Array.from(thrice(baseline.slice(0, 3000))),
      0.95,
    )!
    expect(short.auc).toBeCloseTo(start.auc, 14)
    expect(short.variance / start.variance).toBeCloseTo(1 / 3, 3)
    expect(one.auc).toBeGreaterThan(0.5)
  })

  it.each([
    { positives: 40, negatives: 40 },
    { positives: 25, negatives: 150 },
  ])('covers the true difference in 95 %% of samples of $positives and $negatives', (size) => {
    const random = createRandom(size.negatives)
    const normal = () => normalQuantile(random.next() || 0.5)
    const labels = Array.from(
      { length: size.positives + size.negatives },
      (_, i) => +(i < size.positives),
    )
    const runs = 1500
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const shared = labels.map((label) => label + normal())
      const scores = Float64Array.from(shared, (x) => x + normal())
      const baseline = Float64Array.from(shared, (x) => x + normal())
      const { low, high } = delongPaired(labels, scores, baseline, 0.95)!
      if (low <= 0 && 0 <= high) covered++
    }
    expect(Math.abs(covered / runs - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / runs))
  })
})

describe('delongSingle', () => {
  it.each(reference.delong)('agrees with the definition over all pairs: $name', (row) => {
    const result = delongSingle(row.labels, Float64Array.from(row.scores), row.level)!
    expect(relativeError(result.auc, row.auc)).toBeLessThan(1e-13)
    expect(relativeError(result.standardError, row.standardError)).toBeLessThan(1e-12)
    expect(result.low).toBeLessThan(result.auc)
  })

  it('is one half when all scores tie, and the point 1 when the classes separate', () => {
    expect(delongSingle([0, 1, 0, 1], new Float64Array(4), 0.95)?.auc).toBe(0.5)
    const perfect = delongSingle([0, 0, 1, 1], Float64Array.from([-Infinity, 1, 2, Infinity]), 0.95)
    expect(perfect).toEqual({ auc: 1, low: 1, high: 1, standardError: 0 })
  })
})
