import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  delongPaired,
  delongRatio,
  delongSingle,
  delongUnpaired,
} from '../../../../src/domain/stats/delong.js'
import { readReference, relativeError } from './close.js'

interface Areas {
  labels: number[]
  scores: number[]
  baselineScores: number[]
  level: number
  candidateVariance: number
  baselineVariance: number
  low: number
  high: number
}
const reference = readReference<{
  delongUnpaired: (Areas & {
    baselineLabels: number[]
    auc: number
    baselineAuc: number
    statistic: number
    pValue: number
    ratioLow: number
    ratioHigh: number
  })[]
  delongRatio: (Areas & { covariance: number })[]
}>('gate-methods')

describe('delongUnpaired', () => {
  it.each(reference.delongUnpaired)('agrees with the definition over all pairs', (row) => {
    const found = delongUnpaired({
      ...row,
      scores: Float64Array.from(row.scores),
      baselineScores: Float64Array.from(row.baselineScores),
    })!
    const keys = [
      'auc',
      'baselineAuc',
      'candidateVariance',
      'baselineVariance',
      'statistic',
      'pValue',
      'low',
      'high',
    ] as const
    for (const key of keys) expect(relativeError(found[key], row[key])).toBeLessThan(1e-10)
    expect(found.covariance).toBe(0)
    const ratio = delongRatio(found, row.level)!
    expect(relativeError(ratio.low, row.ratioLow)).toBeLessThan(1e-10)
    expect(relativeError(ratio.high, row.ratioHigh)).toBeLessThan(1e-10)
  })

  it('takes each area as delongSingle does, and is undefined where one of them is', () => {
    const scores = Float64Array.of(1, 2, 3, 4, 2.5)
    const labels = [0, 1, 0, 1, 1]
    const found = delongUnpaired({
      labels,
      scores,
      baselineLabels: [0, 0, 1, 1],
      baselineScores: Float64Array.of(1, 3, 2, 4),
      level: 0.9,
    })!
    const single = delongSingle(labels, scores, 0.9)!
    expect(found.auc).toBe(single.auc)
    expect(Math.sqrt(found.candidateVariance)).toBeCloseTo(single.standardError, 15)
    const bad = {
      labels,
      scores,
      baselineLabels: [0, 0, 0, 1],
      baselineScores: Float64Array.of(1, 2, 3, 4),
      level: 0.9,
    }
    expect(delongUnpaired(bad)).toBeUndefined()
    expect(delongUnpaired({ ...bad, baselineLabels: [0, 0, 1] })).toBeUndefined()
  })
})

describe('delongRatio', () => {
  it.each(reference.delongRatio)('agrees with the definition on the same examples', (row) => {
    const found = delongPaired(
      row.labels,
      Float64Array.from(row.scores),
      Float64Array.from(row.baselineScores),
      row.level,
    )!
    for (const key of ['candidateVariance', 'baselineVariance', 'covariance'] as const) {
      expect(relativeError(found[key], row[key])).toBeLessThan(1e-10)
    }
    const ratio = delongRatio(found, row.level)!
    expect(relativeError(ratio.low, row.low)).toBeLessThan(1e-9)
    expect(relativeError(ratio.high, row.high)).toBeLessThan(1e-9)
  })

  it('is the point 1 for equal rankings, and undefined over an area of 0', () => {
    const scores = Float64Array.of(0.1, 0.4, 0.35, 0.8, 0.3)
    const equal = delongPaired(
      [0, 0, 1, 1, 0],
      scores,
      scores.map((x) => 3 * x),
      0.95,
    )!
    expect(delongRatio(equal, 0.95)).toMatchObject({ ratio: 1, low: 1, high: 1 })
    const reversed = delongPaired(
      [0, 0, 1, 1],
      Float64Array.of(1, 2, 3, 4),
      Float64Array.of(4, 3, 2, 1),
      0.95,
    )!
    expect(delongRatio(reversed, 0.95)).toBeUndefined()
  })

  it('fits the variance of the difference: candidate plus baseline minus twice the covariance', () => {
    const row = fc.record({ label: fc.nat(1), score: fc.nat(9), baseline: fc.nat(9) })
    fc.assert(
      fc.property(fc.array(row, { minLength: 10, maxLength: 60 }), (rows) => {
        const found = delongPaired(
          rows.map(({ label }) => label),
          Float64Array.from(rows, ({ score }) => score),
          Float64Array.from(rows, ({ baseline }) => baseline),
          0.95,
        )
        if (found === undefined) return
        const { candidateVariance, baselineVariance, covariance, variance } = found
        expect(candidateVariance + baselineVariance - 2 * covariance).toBeCloseTo(variance, 12)
      }),
    )
  })
})
