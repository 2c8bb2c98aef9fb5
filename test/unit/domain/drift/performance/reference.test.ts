import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { checkCalibration } from '../../../../../src/domain/drift/performance/calibration-check.js'
import { expectedMetric } from '../../../../../src/domain/drift/performance/expected.js'
import { expectedAuc } from '../../../../../src/domain/drift/performance/expected-auc.js'
import { fitIsotonic, isotonicAt } from '../../../../../src/domain/drift/performance/isotonic.js'
import { getMetric } from '../../../../../src/domain/metrics/index.js'
import { sortOrder } from '../../../../../src/domain/stats/sort-order.js'

const path = new URL('../../../../reference/drift-performance/reference.json', import.meta.url)
const reference = JSON.parse(readFileSync(path, 'utf8'))
const scores = Float64Array.from(reference.scores)
const labels = Float64Array.from(reference.labels)
const positive = Float64Array.from(reference.probabilities)
const probabilities = [positive.map((p) => 1 - p), positive]
const data = {
  n: scores.length,
  labels,
  classes: ['0', '1'],
  positive: 1,
  scores,
  predictions: scores.map((score) => (score >= 0.5 ? 1 : 0)),
}

function curveAt(inputs: Float64Array): Float64Array {
  const values = new Float64Array(inputs.length)
  isotonicAt(fitIsotonic(scores, labels), { inputs, order: sortOrder(inputs) }, values)
  return values
}

describe('isotonic regression is scikit-learn’s', () => {
  it.each([
    ['at the rows that it was fitted to', scores, reference.isotonic.fitted],
    [
      'between its steps and beyond them',
      Float64Array.from(reference.isotonic.at),
      reference.isotonic.values,
    ],
  ])('%s', (_, inputs, values) => {
    const found = curveAt(inputs)
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(values[i], 12)
    })
  })

  it('never falls, keeps the mean, and is NaN without rows', () => {
    const rows = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1 })),
      {
        minLength: 1,
        maxLength: 40,
      },
    )
    fc.assert(
      fc.property(rows, (pairs) => {
        const inputs = Float64Array.from(pairs, ([x]) => x)
        const outcomes = Float64Array.from(pairs, ([, y]) => y)
        const order = sortOrder(inputs)
        const values = new Float64Array(inputs.length)
        isotonicAt(fitIsotonic(inputs, outcomes), { inputs, order }, values)
        const sorted = Array.from(order, (row) => values[row] ?? Number.NaN)
        expect(sorted).toEqual(sorted.toSorted((a, b) => a - b))
        const sum = (list: Float64Array) => list.reduce((a, b) => a + b, 0)
        expect(sum(values)).toBeCloseTo(sum(outcomes), 9)
      }),
      { seed: 1 },
    )
    const none = fitIsotonic(new Float64Array(), [])
    const into = new Float64Array(1)
    isotonicAt(none, { inputs: Float64Array.of(0.5), order: [0] }, into)
    expect(into[0]).toBeNaN()
  })
})

describe('expected metrics', () => {
  it.each(Object.entries<number>(reference.expected))('%s', (name, value) => {
    const metric = getMetric(name)
    if (metric === undefined) throw new Error(name)
    const found = expectedMetric({ metric, options: {}, data, probabilities })
    expect(found.value).toBeCloseTo(value, 9)
  })

  it.each(Object.entries<number>(reference.deviations))(
    'the deviation of %s is that of simulated labels',
    (name, deviation) => {
      const metric = getMetric(name)
      if (metric === undefined) throw new Error(name)
      const found = expectedMetric({ metric, options: {}, data, probabilities })
      const ratio = Math.sqrt(found.value === undefined ? 0 : found.variance) / deviation
      expect(ratio).toBeGreaterThan(0.96)
      expect(ratio).toBeLessThan(1.04)
    },
  )

  it('auc differs from NannyML’s by the pairs of a row with itself alone', () => {
    const { scores: distinct, nannyml, exact } = reference.distinct
    const p = Float64Array.from(distinct)
    const { value } = expectedAuc(p, p)
    expect(value).toBeCloseTo(exact, 12)
    expect(Math.abs((value ?? 0) - nannyml)).toBeLessThan(1 / p.length)
    expect(value).not.toBe(nannyml)
  })

  it('has no area of scores that are sure, and no estimate of what assumes calibration', () => {
    expect(expectedAuc(Float64Array.of(0, 1), Float64Array.of(1, 1)).reason).toMatch(/one class/)
    const metric = getMetric('average-precision')
    if (metric === undefined) throw new Error('average-precision')
    const found = expectedMetric({ metric, options: {}, data, probabilities })
    expect(found.reason).toMatch(/not estimated/)
  })
})

describe('the calibration check', () => {
  it('has Spiegelhalter’s p-value', () => {
    const found = checkCalibration(probabilities, labels)
    expect(found.spiegelhalterPValue).toBeCloseTo(reference.spiegelhalter.pValue, 9)
    expect(found).toMatchObject({ n: 200, calibrated: true })
  })

  it('finds scores that say too much, and sure ones that are wrong', () => {
    const sharp = positive.map((p) => (p > 0.3 ? Math.min(1, p * 1.8) : p * 0.3))
    const found = checkCalibration([sharp.map((p) => 1 - p), sharp], labels)
    expect(found.calibrated).toBe(false)
    expect(found.error).toBeGreaterThan(found.noiseFloor)
    const sure = checkCalibration(
      [Float64Array.of(0, 0), Float64Array.of(1, 1)],
      Float64Array.of(0, 1),
    )
    expect(sure).toMatchObject({ calibrated: false, binsPValue: 0 })
  })
})
