import { describe, expect, it } from '@jest/globals'
import type { MetricData, MetricOptions } from '../../../../src/domain/metrics/data.js'
import { weightedMean } from '../../../../src/domain/metrics/data.js'
import { metricNames } from '../../../../src/domain/metrics/index.js'
import { metricValue } from '../../../../src/domain/metrics/metric-value.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

const codes = (...values: number[]) => Float64Array.from(values)

function regression(labels: Float64Array, predictions: Float64Array): MetricData {
  return { n: labels.length, labels, predictions, classes: [] }
}

const numberOf = (name: string, data: MetricData, options?: MetricOptions) =>
  metricValue({ name, data, options }).value ?? Number.NaN

describe('sums of many numbers', () => {
  it('lose nothing that shows', () => {
    const tenths = new Float64Array(1_000_000).fill(0.1)
    expect(weightedMean(tenths, undefined).value).toBeCloseTo(0.1, 14)
    expect(weightedMean(tenths, tenths).value).toBeCloseTo(0.1, 14)
  })

  it('keep small numbers between large ones that cancel', () => {
    const values = new Float64Array(2560).fill(1, 256, 2304)
    values[0] = 1e17
    values[2559] = -1e17
    expect(weightedMean(values, undefined).value).toBe(0.8)
  })
})

describe('the order of 20,000 weighted rows', () => {
  const n = 20_000
  const random = createRandom(11)
  const draw = (make: () => number) => Float64Array.from({ length: n }, make)
  const scores = draw(() => random.below(1e6) / 1e6)
  const codesOfGroups = Int32Array.from({ length: n }, () => random.below(3))
  const data = {
    n,
    labels: scores.map((score) => (random.below(1000) < 1000 * score ? 1 : 0)),
    predictions: scores.map((score) => (score > 0.6 ? 1 : 0)),
    scores,
    values: draw(() => random.below(1e9) * 1e-7),
    weights: draw(() => random.below(1e6) * 3e-6),
    classes: ['no', 'yes'],
    positive: 1,
    classScores: [scores.map((score) => 1 - score), scores],
    groups: { codes: codesOfGroups, names: ['a', 'b', 'c'] },
  }
  const order = Int32Array.from({ length: n }, (_, row) => row)
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const other = order[i]!
    order[i] = order[j]!
    order[j] = other
  }
  const shuffle = (values: Float64Array) => values.map((_, i) => values[order[i]!]!)
  const shuffled = {
    ...data,
    labels: shuffle(data.labels),
    predictions: shuffle(data.predictions),
    scores: shuffle(scores),
    values: shuffle(data.values),
    weights: shuffle(data.weights),
    classScores: data.classScores.map(shuffle),
    groups: { ...data.groups, codes: order.map((row) => codesOfGroups[row]!) },
  }

  it.each(metricNames)('changes %s by less than 1e-12', (name) => {
    const options = { k: 1, quantile: 0.9 }
    const value = numberOf(name, data, options)
    expect(value).not.toBeNaN()
    const difference = Math.abs(numberOf(name, shuffled, options) - value)
    expect(difference).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)))
  })
})

describe('scales', () => {
  const labels = codes(1, 2, 4, 8)
  const predictions = codes(1.5, 2, 3, 9)
  const scaled = (factor: number) =>
    regression(
      labels.map((label) => label * factor),
      predictions.map((prediction) => prediction * factor),
    )

  it.each([1e-300, 1e-160, 1e160, 1e300])('r2 is the same for numbers of size %d', (factor) => {
    expect(numberOf('r2', scaled(factor))).toBeCloseTo(numberOf('r2', scaled(1)), 12)
  })

  it.each([1e-300, 1e-160, 1e160, 1e300])('rmse and mae grow with numbers of size %d', (factor) => {
    for (const name of ['rmse', 'mae']) {
      expect(numberOf(name, scaled(factor)) / factor).toBeCloseTo(numberOf(name, scaled(1)), 12)
    }
  })

  it('a mean of numbers whose sum is too large is still their mean', () => {
    expect(numberOf('mae', regression(codes(0, 0), codes(1.5e308, 1.7e308)))).toBeCloseTo(
      1.6e308,
      -296,
    )
  })

  it('r2 keeps its digits when labels lie far from zero', () => {
    const far = 1e9
    const away = regression(
      labels.map((label) => label + far),
      predictions.map((prediction) => prediction + far),
    )
    expect(numberOf('r2', away)).toBeCloseTo(numberOf('r2', scaled(1)), 12)
  })

  it('r2 of labels that are all equal has no value, though their mean rounds', () => {
    const equal = new Float64Array(10).fill(0.1)
    const { reason } = metricValue({
      name: 'r2',
      data: regression(
        equal,
        equal.map((x) => x + 1),
      ),
    })
    expect(reason).toBe('all labels are equal')
  })

  it('an infinite loss of a row without weight counts for nothing', () => {
    const data = {
      ...regression(codes(1e200, 1, 2), codes(-1e200, 2, 4)),
      weights: codes(0, 1, 1),
    }
    expect(numberOf('mse', data)).toBe(2.5)
  })

  it.each(metricNames)('%s does not depend on the unit of the weights', (name) => {
    const scores = codes(0.1, 0.9, 0.4, 0.2, 0.7, 0.6)
    const weights = codes(1, 2, 3, 0, 1, 2)
    const data = {
      n: 6,
      labels: codes(0, 1, 1, 0, 1, 0),
      predictions: codes(0, 1, 0, 1, 1, 1),
      scores,
      values: scores,
      classScores: [scores.map((score) => 1 - score), scores],
      classes: ['no', 'yes'],
      positive: 1,
      groups: { codes: Int32Array.of(0, 0, 0, 1, 1, 1), names: ['a', 'b'] },
    }
    const options = { k: 1, quantile: 0.3 }
    const expected = numberOf(name, { ...data, weights }, options)
    for (const unit of [1e-320, 1e-200, 1e200, 5e307]) {
      const value = numberOf(name, { ...data, weights: weights.map((one) => one * unit) }, options)
      // The smallest unit has few digits of its own.
      expect(value / expected).toBeCloseTo(1, unit < 1e-310 ? 3 : 12)
    }
  })

  it('matthews and kappa keep their digits when one class holds nearly everything', () => {
    const n = 1_000_000
    const labels = new Float64Array(n)
    const predictions = new Float64Array(n)
    labels[0] = 1
    labels[1] = 1
    predictions[0] = 1
    predictions[2] = 1
    const data = { n, labels, predictions, classes: ['no', 'yes'], positive: 1 }
    // One of each, and n - 3 of neither: (n - 4) / (2 (n - 2)) and the same.
    expect(numberOf('matthews', data)).toBeCloseTo((n - 4) / (2 * (n - 2)), 14)
    expect(numberOf('cohen-kappa', data)).toBeCloseTo((n - 4) / (2 * (n - 2)), 14)
  })
})
