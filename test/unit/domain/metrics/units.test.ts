import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { MetricOptions } from '../../../../src/domain/metrics/data.js'
import { getMetric, metricNames } from '../../../../src/domain/metrics/index.js'
import type { UnitRows } from '../../../../src/domain/metrics/metric.js'
import {
  isUnitMetric,
  type UnitMetric,
  unitMetricKey,
} from '../../../../src/domain/metrics/unit-metrics.js'
import { outcomeScore } from '../../../../src/domain/metrics/win-rate.js'

function metricOf(name: string): UnitMetric {
  const metric = getMetric(name)
  if (metric === undefined || !isUnitMetric(metric)) throw new Error(`${name} is no unit metric`)
  return metric
}

const per = (name: string, rows: UnitRows, options: MetricOptions = {}) =>
  metricOf(name).perUnit(rows, options)

const rowsOf = (labels: readonly number[], scores: readonly number[]): UnitRows => ({
  labels: Float64Array.from(labels),
  scores: Float64Array.from(scores),
})
const samples = (...scores: number[]) => rowsOf([], scores)

const RANKING = ['ndcg', 'mrr', 'map', 'recall-at-k']
const document = fc.record({
  label: fc.integer({ min: 0, max: 3 }),
  score: fc.integer({ min: 0, max: 5 }),
})
const query = fc.array(document, { minLength: 1, maxLength: 12 })
const cutoff = fc.integer({ min: 1, max: 14 })
const asRows = (documents: readonly { label: number; score: number }[]) =>
  rowsOf(
    documents.map(({ label }) => label),
    documents.map(({ score }) => score),
  )

describe.each(RANKING)('%s of a query', (name) => {
  it('does not depend on the order of its rows', () => {
    fc.assert(
      fc.property(query, cutoff, (documents, k) => {
        const value = per(name, asRows(documents), { k })
        expect(per(name, asRows([...documents].reverse()), { k })).toBeCloseTo(value ?? -1, 12)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('depends on the order of the scores alone', () => {
    fc.assert(
      fc.property(query, cutoff, (documents, k) => {
        const grown = documents.map(({ label, score }) => ({ label, score: Math.exp(score) - 40 }))
        expect(per(name, asRows(grown), { k })).toBe(per(name, asRows(documents), { k }))
      }),
      { seed: 2, numRuns: 100 },
    )
  })

  it('is 1 at best, 0 without a relevant document, and inside [0, 1]', () => {
    fc.assert(
      fc.property(query, cutoff, (documents, k) => {
        const value = per(name, asRows(documents), { k }) ?? -1
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
        const barren = documents.map(({ score }) => ({ label: 0, score }))
        expect(per(name, asRows(barren), { k })).toBe(0)
        const best = documents.map(({ label }) => ({ label, score: label }))
        const all = best.some(({ label }) => label > 0) ? 1 : 0
        const whole = { k: documents.length }
        // Among equal labels the order says nothing, except to metrics of whether a document is relevant.
        expect(per(name, asRows(best), whole)).toBeCloseTo(all, 12)
      }),
      { seed: 3, numRuns: 100 },
    )
  })

  it('has no number for negative labels, missing scores or no rows', () => {
    expect(per(name, rowsOf([1, -1], [1, 2]), { k: 1 })).toBeUndefined()
    expect(per(name, rowsOf([1, 1], [1, Number.NaN]), { k: 1 })).toBeUndefined()
    expect(per(name, rowsOf([1, 1], []), { k: 1 })).toBeUndefined()
    expect(per(name, rowsOf([], []), { k: 1 })).toBeUndefined()
  })
})

describe('ranking metrics by hand', () => {
  it('take infinite scores for the first and the last', () => {
    const rows = rowsOf([0, 1, 0], [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(per('mrr', rows)).toBe(1)
  })

  it('count a relevant document beyond k for nothing', () => {
    const rows = rowsOf([0, 0, 1], [3, 2, 1])
    expect(per('mrr', rows, { k: 2 })).toBe(0)
    expect(per('map', rows, { k: 2 })).toBe(0)
    expect(per('recall-at-k', rows, { k: 2 })).toBe(0)
    expect(per('mrr', rows)).toBeCloseTo(1 / 3, 15)
  })

  it('count a part of equal scores astride k', () => {
    expect(per('recall-at-k', rowsOf([1, 0, 0, 0], [1, 1, 1, 1]), { k: 1 })).toBe(0.25)
    expect(per('mrr', rowsOf([1, 0], [1, 1]))).toBe(0.75)
    expect(per('map', rowsOf([1, 0], [1, 1]), { k: 1 })).toBe(0.5)
  })
})

/** Share of k-subsets of n samples, the first c of them right, with at least one right. */
function shareOfSubsets(n: number, c: number, k: number): number {
  let right = 0
  let all = 0
  for (let bits = 0; bits < 1 << n; bits++) {
    let size = 0
    for (let rest = bits; rest > 0; rest >>= 1) size += rest & 1
    if (size !== k) continue
    all++
    if ((bits & ((1 << c) - 1)) !== 0) right++
  }
  return right / all
}

describe('metrics of generated text', () => {
  it('pass-at-k is the share of k-subsets with a right sample', () => {
    const given = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    )
    fc.assert(
      fc.property(given, ([n, c, k]) => {
        fc.pre(c <= n && k <= n)
        const scores = Array.from({ length: n }, (_, i) => (i < c ? 1 : 0))
        expect(per('pass-at-k', samples(...scores), { k })).toBeCloseTo(shareOfSubsets(n, c, k), 12)
      }),
      { seed: 4, numRuns: 200 },
    )
  })

  it('pass-at-k has no number with fewer than k samples', () => {
    expect(per('pass-at-k', samples(1, 1), { k: 3 })).toBeUndefined()
    expect(per('pass-at-k', samples(1, Number.NaN), { k: 1 })).toBeUndefined()
  })

  it('pass-at-k has no value of marks that are neither right nor wrong', () => {
    expect(per('pass-at-k', samples(1, 0), { k: 1 })).toBe(0.5)
    expect(per('pass-at-k', samples(5, 1), { k: 1 })).toBeUndefined()
    expect(per('pass-at-k', samples(0.2, 0), { k: 1 })).toBeUndefined()
  })

  it('win-rate counts ties half, and refuses numbers that are no share of a win', () => {
    expect(per('win-rate', samples(1, 0.5, 0, 0))).toBe(0.375)
    expect(per('win-rate', samples(1, -1))).toBeUndefined()
    expect(per('win-rate', samples(Number.NaN))).toBeUndefined()
    expect(per('win-rate', samples())).toBeUndefined()
  })

  it.each([
    ['win', 1],
    [' Tie ', 0.5],
    ['LOSS', 0],
    ['lost', undefined],
    ['', undefined],
  ])('reads %j as %p', (text, score) => {
    expect(outcomeScore(text)).toBe(score)
  })

  it('exact-match compares character by character', () => {
    const texts = { label: ['a', 'a', 'a', 'é'], prediction: ['a', 'A', 'a ', 'e\u0301'] }
    expect(per('exact-match', { ...samples(), texts })).toBe(0.25)
    expect(per('exact-match', samples(1))).toBeUndefined()
    expect(
      per('exact-match', { ...samples(), texts: { label: [], prediction: [] } }),
    ).toBeUndefined()
  })

  it('mean-score is a mean, and has no number without scores', () => {
    expect(per('mean-score', samples(1, 2, 6))).toBe(3)
    expect(per('mean-score', samples())).toBeUndefined()
    expect(per('mean-score', samples(1, Number.NaN))).toBeUndefined()
  })
})

describe('keys of per-unit numbers', () => {
  it('tell k apart, and are the same for the same question', () => {
    expect(unitMetricKey('ndcg', { k: 5 })).toBe(unitMetricKey('ndcg', { k: 5, average: 'macro' }))
    const keys = [{}, { k: 5 }, { k: 10 }].map((options) => unitMetricKey('ndcg', options))
    expect(new Set([...keys, unitMetricKey('map', { k: 5 })]).size).toBe(4)
  })

  it('are for metrics of queries and examples only', () => {
    const units = metricNames.filter((name) => isUnitMetric(getMetric(name)!))
    expect(units).toEqual([
      ...['ndcg', 'mrr', 'map', 'recall-at-k'],
      ...['exact-match', 'pass-at-k', 'win-rate', 'mean-score'],
    ])
    expect(isUnitMetric(getMetric('column:cost')!)).toBe(false)
  })
})
