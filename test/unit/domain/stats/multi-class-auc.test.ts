import { describe, expect, it } from '@jest/globals'
import { delongPaired, delongRatio, delongSingle } from '../../../../src/domain/stats/delong.js'
import {
  multiClassAuc,
  multiClassAucPaired,
  multiClassAucUnpaired,
} from '../../../../src/domain/stats/multi-class-auc.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../src/domain/stats/special/normal.js'
import { readReference, relativeError } from './close.js'

const { multiClass } = readReference<{
  multiClass: {
    labels: number[]
    method: 'one-vs-rest' | 'one-vs-one'
    average: 'macro' | 'weighted'
    scores: number[][]
    baselineScores: number[][]
    auc: number
    baselineAuc: number
    candidateVariance: number
    baselineVariance: number
    variance: number
    sklearn: { scores: number[][]; auc: number }
  }[]
}>('gate-methods')
const lists = (scores: number[][]) => scores.map((list) => Float64Array.from(list))
const kinds = [
  { method: 'one-vs-rest', average: 'macro' },
  { method: 'one-vs-rest', average: 'weighted' },
  { method: 'one-vs-one', average: 'macro' },
  { method: 'one-vs-one', average: 'weighted' },
] as const

/** Rows of three classes in unequal shares, each class's score raised for its own rows. */
function draw(
  seed: number,
  n: number,
): { labels: number[]; make: (strength: number) => Float64Array[] } {
  const random = createRandom(seed)
  const labels = Array.from({ length: n }, () => [0, 0, 0, 1, 1, 2][random.below(6)]!)
  const make = (strength: number) =>
    [0, 1, 2].map((k) =>
      Float64Array.from(
        labels,
        (label) => (label === k ? strength : 0) + normalQuantile(random.next() || 0.5),
      ),
    )
  return { labels, make }
}

describe('multiClassAuc', () => {
  it.each(multiClass)(
    'agrees with scikit-learn: $method, $average',
    ({ labels, method, average, sklearn }) => {
      const found = multiClassAuc({
        labels,
        scores: lists(sklearn.scores),
        method,
        average,
        level: 0.95,
      })!
      expect(relativeError(found.auc, sklearn.auc)).toBeLessThan(1e-12)
    },
  )

  it.each(multiClass)(
    'has the variance of the numerical derivatives over all pairs: $method, $average',
    (row) => {
      const found = multiClassAucPaired({
        ...row,
        scores: lists(row.scores),
        baselineScores: lists(row.baselineScores),
        level: 0.95,
      })!
      expect(relativeError(found.auc, row.auc)).toBeLessThan(1e-12)
      expect(relativeError(found.baselineAuc, row.baselineAuc)).toBeLessThan(1e-12)
      for (const key of ['candidateVariance', 'baselineVariance', 'variance'] as const) {
        expect(relativeError(found[key], row[key])).toBeLessThan(1e-6)
      }
    },
  )

  it.each(kinds)(
    "is DeLong's for two classes with complementary scores: $method, $average",
    (kind) => {
      const random = createRandom(3)
      const labels = Array.from({ length: 60 }, (_, i) => +(i % 3 === 0))
      const make = () =>
        Float64Array.from(labels, (label) => Math.round(10 * (label * 0.4 + random.next())) / 16)
      const [one, other] = [make(), make()]
      const both = (scores: Float64Array) => [scores.map((x) => 1 - x), scores]
      const binary = delongPaired(labels, one, other, 0.9)!
      const found = multiClassAucPaired({
        labels,
        scores: both(one),
        baselineScores: both(other),
        ...kind,
        level: 0.9,
      })!
      for (const key of [
        'auc',
        'baselineAuc',
        'low',
        'high',
        'candidateVariance',
        'variance',
      ] as const) {
        expect(relativeError(found[key], binary[key])).toBeLessThan(1e-10)
      }
      const single = multiClassAuc({ labels, scores: both(one), ...kind, level: 0.9 })!
      expect(single.standardError).toBeCloseTo(delongSingle(labels, one, 0.9)!.standardError, 12)
    },
  )

  it.each(kinds)(
    'finds no difference, with certainty, between equal rankings: $method, $average',
    (kind) => {
      const { labels, make } = draw(5, 90)
      const scores = make(1)
      const baselineScores = scores.map((list) => list.map((x) => Math.atan(x) + 4))
      const found = multiClassAucPaired({ labels, scores, baselineScores, ...kind, level: 0.95 })!
      expect(found).toMatchObject({ difference: 0, variance: 0, low: 0, high: 0, pValue: 1 })
      const ratio = delongRatio(found, 0.95)!
      expect(ratio.low).toBeCloseTo(1, 7)
      expect(ratio.high).toBeCloseTo(1, 7)
    },
  )

  it.each(kinds)(
    'is the mean of the areas: 1 where all classes separate: $method, $average',
    (kind) => {
      const labels = [0, 0, 1, 1, 2, 2]
      const scores = [0, 1, 2].map((k) => Float64Array.from(labels, (label) => +(label === k)))
      expect(multiClassAuc({ labels, scores, ...kind, level: 0.95 })).toEqual({
        auc: 1,
        low: 1,
        high: 1,
        standardError: 0,
      })
    },
  )

  it.each(kinds)('covers the true difference in 95 % of samples: $method, $average', (kind) => {
    const large = draw(1, 30000)
    const truth = multiClassAucPaired({
      labels: large.labels,
      scores: large.make(1.2),
      baselineScores: large.make(0.8),
      ...kind,
      level: 0.95,
    })!
    const runs = 600
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const { labels, make } = draw(100 + run, 150)
      const found = multiClassAucPaired({
        labels,
        scores: make(1.2),
        baselineScores: make(0.8),
        ...kind,
        level: 0.95,
      })!
      if (found.low <= truth.difference && truth.difference <= found.high) covered++
    }
    expect(Math.abs(covered / runs - 0.95)).toBeLessThan(
      3 * Math.sqrt((0.95 * 0.05) / runs) + 0.005,
    )
  })

  it('adds the variances of different rows', () => {
    const [one, other] = [draw(7, 80), draw(8, 60)]
    const kind = kinds[2]
    const scores = one.make(1)
    const baselineScores = other.make(0.5)
    const found = multiClassAucUnpaired({
      labels: one.labels,
      scores,
      baselineLabels: other.labels,
      baselineScores,
      ...kind,
      level: 0.95,
    })!
    const first = multiClassAuc({ labels: one.labels, scores, ...kind, level: 0.95 })!
    const second = multiClassAuc({
      labels: other.labels,
      scores: baselineScores,
      ...kind,
      level: 0.95,
    })!
    expect(found.variance).toBeCloseTo(first.standardError ** 2 + second.standardError ** 2, 15)
    expect(found.difference).toBe(first.auc - second.auc)
  })

  it.each(kinds)(
    'is undefined for too few rows, unknown labels, NaN and unequal lengths: $method, $average',
    (kind) => {
      const labels = [0, 0, 1, 1, 2, 2]
      const scores = [0, 1, 2].map((k) =>
        Float64Array.from(labels, (label, i) => (label === k ? 1 : 0) + i / 10),
      )
      const of = (changed: number[], list = scores) =>
        multiClassAuc({ labels: changed, scores: list, ...kind, level: 0.9 })
      expect(of(labels)).toBeDefined()
      expect(of([0, 0, 1, 1, 1, 2])).toBeUndefined()
      expect(of([0, 0, 1, 1, 2, 3])).toBeUndefined()
      expect(of([0, 0, 1, 1, 2, -1])).toBeUndefined()
      expect(of([0, 0, 1, 1, 2, 0.5])).toBeUndefined()
      expect(of([0, 0, 1, 1, 2])).toBeUndefined()
      expect(of([0, 0, 0, 0, 0, 0], [scores[0]!])).toBeUndefined()
      expect(
        of(labels, [scores[0]!, scores[1]!, Float64Array.of(1, 2, 3, 4, 5, Number.NaN)]),
      ).toBeUndefined()
      expect(of([], [])).toBeUndefined()
    },
  )
})
