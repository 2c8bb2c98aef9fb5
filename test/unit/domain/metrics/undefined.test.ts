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
const classScores = [
  codes(0.2, 0.1, 0.3, 0.5),
  codes(0.5, 0.6, 0.3, 0.4),
  codes(0.3, 0.3, 0.4, 0.1),
]
/** Three classes, a score for each, and no class that is positive. */
const three = {
  labels: codes(0, 1, 2, 0),
  predictions: codes(1, 1, 2, 0),
  classes: ['a', 'b', 'c'],
  positive: undefined,
  scores: undefined,
  classScores,
}
const sets = { labelSets: [Int32Array.of(0), Int32Array.of(0, 1), new Int32Array(0)] }
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
    { name: 'auc', data: { ...three, classScores: undefined }, reason: 'needs scores' },
    {
      name: 'auc',
      data: { ...three, classScores: undefined, scores: codes(0, 0, 1, 1) },
      reason: 'with 3 classes it needs a score for each class',
    },
    {
      name: 'auc',
      data: { ...three, labels: codes(0, 1, 1, 0) },
      reason: 'class "c": no example is positive',
    },
    {
      name: 'auc',
      data: { ...three, labels: codes(0, 0, 0, 0) },
      options: { multiClass: 'one-vs-one' as const },
      reason: 'all labels are of one class',
    },
    {
      name: 'auc',
      data: three,
      options: { average: 'micro' as const },
      reason: 'its average over classes is macro or weighted, not micro',
    },
    {
      name: 'average-precision',
      data: { ...three, labels: codes(0, 2, 2, 0) },
      reason: 'class "b": no example is positive',
    },
    {
      name: 'brier',
      data: { ...three, classScores: [codes(0, 0, 0, 0), codes(0, 0, 0, 2), codes(0, 0, 0, 0)] },
      reason: 'must be probabilities',
    },
    { name: 'top-k-accuracy', data: three, reason: 'it needs k' },
    { name: 'top-k-accuracy', data: three, options: { k: 1.5 }, reason: 'a whole number' },
    { name: 'top-k-accuracy', data: three, options: { k: 0 }, reason: 'a whole number' },
    { name: 'top-k-accuracy', data: three, options: { k: 3 }, reason: 'of 3 classes' },
    { name: 'top-k-accuracy', data: {}, options: { k: 1 }, reason: 'a score for each class' },
    { name: 'pinball', data: {}, reason: 'it needs a quantile' },
    { name: 'pinball', data: {}, options: { quantile: 1 }, reason: 'inside (0, 1)' },
    { name: 'pinball', data: {}, options: { quantile: Number.NaN }, reason: 'inside (0, 1)' },
    { name: 'matthews', data: sets, reason: 'several classes each' },
    { name: 'auc', data: sets, reason: 'several classes each' },
    { name: 'f1', data: sets, reason: 'macro, micro, weighted or samples' },
    { name: 'f1', data: {}, options: { average: 'samples' as const }, reason: 'samples is for' },
    {
      name: 'precision',
      data: { ...sets, predictions: codes(2, 2, 2, 2) },
      options: { average: 'micro' as const },
      reason: 'no example is predicted positive',
    },
    {
      name: 'recall',
      data: { ...sets, labels: codes(2, 2, 2, 2) },
      options: { average: 'weighted' as const },
      reason: 'no example has a class',
    },
    { name: 'ndcg', data: {}, reason: 'it needs a score for each document' },
    { name: 'recall-at-k', data: { values: codes(1, 1, 1, 1) }, reason: 'it needs k' },
    {
      name: 'pass-at-k',
      data: { values: codes(1, Number.NaN, 0, Number.NaN) },
      options: { k: 5 },
      reason: '2 of 4 examples have no value: each needs at least k samples',
    },
    {
      name: 'mrr',
      data: { values: codes(1, Number.NaN, 0, 0) },
      reason: '1 of 4 queries have no value',
    },
    { name: 'accuracy', data: { weights: codes(1, -1, 1, 1) }, reason: 'not negative' },
    { name: 'accuracy', data: { weights: codes(1, Number.NaN, 1, 1) }, reason: 'not negative' },
    {
      name: 'accuracy',
      data: { weights: codes(1, Number.POSITIVE_INFINITY, 1, 1) },
      reason: 'not negative',
    },
    {
      name: 'r2',
      data: { labels: codes(0.1, 0.1, 0.1, 7), weights: codes(1, 2, 3, 0) },
      reason: 'all labels are equal',
    },
  ])('$name: $reason', ({ name, data, options, reason }) => {
    const outcome = metricValue({ name, data: { ...base, ...data }, options })
    expect(outcome.value).toBeUndefined()
    expect(outcome.reason).toContain(reason)
  })

  it.each(metricNames)('%s of no examples', (name) => {
    const empty = new Float64Array(0)
    const data = { ...base, n: 0, labels: empty, predictions: empty, scores: empty }
    expect(metricValue({ name, data }).reason).toBe('there are no examples')
  })

  it.each(metricNames)('%s of weights that are all zero', (name) => {
    const data = { ...base, classScores: three.classScores.slice(0, 2), values: base.scores }
    const options = { k: 1, quantile: 0.5 }
    const weighted = { ...data, weights: new Float64Array(4) }
    expect(metricValue({ name, data, options }).value).toBeDefined()
    expect(metricValue({ name, data: weighted, options }).reason).toBe('all weights are zero')
  })

  it('numbers too large to add up', () => {
    const data = {
      ...base,
      labels: codes(1e200, -1e200, 1, 2),
      predictions: codes(-1e200, 1e200, 1, 2),
    }
    expect(metricValue({ name: 'mse', data }).reason).toContain('too large')
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
