import { describe, expect, it } from '@jest/globals'
import type { MetricData } from '../../../../src/domain/metrics/data.js'
import { getMetric, metricNames } from '../../../../src/domain/metrics/index.js'
import { metricValue } from '../../../../src/domain/metrics/metric-value.js'

const codes = (...values: number[]) => Float64Array.from(values)

const base: MetricData = {
  n: 4,
  labels: codes(0, 1, 1, 0),
  classes: ['no', 'yes'],
  positive: 1,
  predictions: codes(0, 1, 0, 0),
  scores: codes(0.1, 0.9, 0.4, 0.2),
  groups: { codes: Int32Array.of(0, 0, 1, 1), names: ['a', 'b'] },
}
const none = { labels: codes(0, 0, 0, 0) }
const all = { labels: codes(1, 1, 1, 1) }
const never = { predictions: codes(0, 0, 0, 0) }

describe('a metric without a value says why', () => {
  it.each([
    { name: 'precision', data: never, reason: 'no example is predicted positive' },
    { name: 'recall', data: none, reason: 'no example is positive' },
    { name: 'f1', data: { ...none, ...never }, reason: 'no example is positive or predicted' },
    { name: 'auc', data: none, reason: 'no example is positive' },
    { name: 'auc', data: all, reason: 'every example is positive' },
    { name: 'average-precision', data: none, reason: 'no example is positive' },
    { name: 'matthews', data: none, reason: 'all labels are of one class' },
    { name: 'matthews', data: never, reason: 'all predictions are of one class' },
    { name: 'cohen-kappa', data: { ...none, ...never }, reason: 'are of one class' },
    { name: 'demographic-parity-ratio', data: never, reason: 'no example is predicted positive' },
    { name: 'equal-opportunity-difference', data: none, reason: 'has no positive example' },
    { name: 'equalized-odds-difference', data: all, reason: 'has no negative example' },
    {
      name: 'demographic-parity-difference',
      data: { groups: { codes: new Int32Array(4), names: ['a'] } },
      reason: 'fewer than two groups',
    },
    { name: 'f1', data: { positive: undefined }, reason: 'no positive class' },
    { name: 'brier', data: { positive: undefined }, reason: 'needs a positive class' },
    { name: 'accuracy', data: { predictions: undefined }, reason: 'needs predictions' },
    { name: 'auc', data: { scores: undefined }, reason: 'needs scores' },
    { name: 'log-loss', data: { scores: codes(0.1, 0.9, 1.4, 0.2) }, reason: 'probabilities' },
    { name: 'disparate-impact', data: { groups: undefined }, reason: 'needs groups' },
    { name: 'column:cost', data: {}, reason: 'needs a column of numbers' },
    { name: 'r2', data: none, reason: 'all labels are equal' },
    { name: 'acuracy', data: {}, reason: 'there is no metric' },
  ])('$name: $reason', ({ name, data, reason }) => {
    const outcome = metricValue({ name, data: { ...base, ...data } })
    expect(outcome.value).toBeUndefined()
    expect(outcome.reason).toContain(reason)
  })

  it.each(metricNames)('%s of no examples', (name) => {
    const empty = new Float64Array(0)
    const data = { ...base, n: 0, labels: empty, predictions: empty, scores: empty }
    expect(metricValue({ name, data }).reason).toBe('there are no examples')
  })

  it.each(metricNames)('%s of weights that are all zero', (name) => {
    const outcome = metricValue({ name, data: { ...base, weights: new Float64Array(4) } })
    expect(outcome.value).toBeUndefined()
  })

  it('numbers too large to add up', () => {
    const data = {
      ...base,
      labels: codes(1e200, -1e200, 1, 2),
      predictions: codes(-1e200, 1e200, 1, 2),
    }
    expect(metricValue({ name: 'mse', data }).reason).toContain('too large')
    expect(metricValue({ name: 'r2', data }).reason).toContain('too large')
  })

  it('precision of several classes without an average', () => {
    const data = { ...base, classes: ['a', 'b', 'c'] }
    expect(metricValue({ name: 'precision', data }).reason).toContain('macro, micro or weighted')
  })
})

describe('getMetric', () => {
  it('reads a column of numbers by its name, which may hold anything', () => {
    const metric = getMetric('column:a:b|<c>')
    expect(metric?.kind).toBe('mean')
    const data = { ...base, values: codes(1, 2, 3, 6) }
    expect(metricValue({ name: 'column:a:b|<c>', data }).value).toBe(3)
  })

  it.each(['', 'column:', 'Accuracy', 'constructor', '__proto__'])('knows no "%s"', (name) => {
    expect(getMetric(name)).toBeUndefined()
  })
})
