import { emptyTotals } from '../../metrics/class-totals.js'
import {
  isMultiClass,
  type MetricData,
  type MetricOptions,
  positiveScores,
} from '../../metrics/data.js'
import type { ConfusionMetric, MeanMetric, Metric, ProportionMetric } from '../../metrics/metric.js'
import { lackOf } from '../../metrics/metric-value.js'
import { expectedAuc } from './expected-auc.js'

/** The probability of each class, by code: one array a class. */
export type Probabilities = readonly Float64Array[]

/** What labels would show on average, and how much that varies with the labels; or why it cannot be said. */
export type Expected =
  | { readonly value: number; readonly variance: number; readonly reason?: undefined }
  | { readonly value?: undefined; readonly reason: string }

interface Expectation {
  readonly metric: Metric
  readonly options: MetricOptions
  /** Predictions and scores as the model gave them; its labels are not read. */
  readonly data: MetricData
  /** Calibrated. */
  readonly probabilities: Probabilities
}

/**
 * A metric's expected value where each row has each class with its probability (confidence-based performance estimation; NannyML
 * documentation, "Estimation of Performance of the Monitored Model", 2023): the mean of expected losses, or the metric of the
 * expected confusion table. The variance is that of labels drawn from the probabilities, of a ratio linearised: how far labels may
 * lie from the estimate by chance alone.
 */
export function expectedMetric(ask: Expectation): Expected {
  const { metric, options, data } = ask
  const lack = lackOf(metric, data, options)
  if (lack !== undefined) return { reason: lack }
  switch (metric.kind) {
    case 'proportion':
    case 'mean':
      return ofLosses(ask, metric)
    case 'confusion':
      return metric.byGroup ? CANNOT : ofTable(ask, metric)
    case 'rank':
    case 'rows':
      return metric.name === 'auc' && !isMultiClass(data) ? ofRanking(ask) : CANNOT
  }
}

const CANNOT: Expected = { reason: 'it is not estimated without labels' }

function ofRanking({ data, probabilities }: Expectation): Expected {
  const scores = positiveScores(data)
  const positive = probabilities[data.positive ?? -1]
  return scores === undefined || positive === undefined ? CANNOT : expectedAuc(scores, positive)
}

/** Of a row the mean of its losses under each class, and their variance. */
function ofLosses(ask: Expectation, metric: MeanMetric | ProportionMetric): Expected {
  const { data, options, probabilities } = ask
  const { n } = data
  const means = new Float64Array(n)
  const squares = new Float64Array(n)
  probabilities.forEach((shares, code) => {
    const under = { ...data, labels: new Float64Array(n).fill(code) }
    const losses =
      metric.kind === 'proportion' ? metric.hits(under, options) : metric.losses(under, options)
    for (let i = 0; i < n; i++) {
      const loss = losses[i] ?? 0
      const part = (shares[i] ?? 0) * loss
      means[i] = (means[i] ?? 0) + part
      squares[i] = (squares[i] ?? 0) + part * loss
    }
  })
  let sum = 0
  let variance = 0
  for (let i = 0; i < n; i++) {
    const mean = means[i] ?? 0
    sum += mean
    variance += Math.max(0, (squares[i] ?? 0) - mean * mean)
  }
  return { value: sum / n, variance: variance / (n * n) }
}

/** Expected counts by predicted class (rows) and class (columns). */
function expectedTable({ data, probabilities }: Expectation): Float64Array {
  const classes = data.classes.length
  const table = new Float64Array(classes * classes)
  const { predictions = data.labels } = data
  probabilities.forEach((shares, code) => {
    for (let i = 0; i < data.n; i++) {
      const cell = (predictions[i] ?? 0) * classes + code
      table[cell] = (table[cell] ?? 0) + (shares[i] ?? 0)
    }
  })
  return table
}

function valueOfTable(ask: Expectation, metric: ConfusionMetric, table: Float64Array) {
  const { classes, positive } = ask.data
  const size = classes.length
  const totals = emptyTotals({ classes: size, positive, groupNames: [] })
  for (let predicted = 0; predicted < size; predicted++) {
    for (let actual = 0; actual < size; actual++) {
      const count = table[predicted * size + actual] ?? 0
      totals.actual[actual] = (totals.actual[actual] ?? 0) + count
      totals.predicted[predicted] = (totals.predicted[predicted] ?? 0) + count
      totals.size[0] = (totals.size[0] ?? 0) + count
      if (predicted === actual) totals.hit[actual] = (totals.hit[actual] ?? 0) + count
    }
  }
  return metric.ofTotals(totals, ask.options)
}

/** A step for the slopes, as a share of the rows: far above rounding, far below any curvature. */
const STEP = 1e-6

function ofTable(ask: Expectation, metric: ConfusionMetric): Expected {
  const table = expectedTable(ask)
  const found = valueOfTable(ask, metric, table)
  if (found.value === undefined) return { reason: found.reason }
  const { value } = found
  const step = STEP * ask.data.n
  const slopes = table.map((count, cell) => {
    const moved = table.slice()
    moved[cell] = count + step
    return ((valueOfTable(ask, metric, moved).value ?? value) - value) / step
  })
  return { value, variance: tableVariance(ask, slopes) }
}

/** Of each row the variance of its cell's slope under its probabilities. */
function tableVariance({ data, probabilities }: Expectation, slopes: Float64Array): number {
  const classes = data.classes.length
  const { predictions = data.labels, n } = data
  let variance = 0
  for (let i = 0; i < n; i++) {
    const row = (predictions[i] ?? 0) * classes
    let mean = 0
    let square = 0
    for (let code = 0; code < classes; code++) {
      const slope = slopes[row + code] ?? 0
      const part = (probabilities[code]?.[i] ?? 0) * slope
      mean += part
      square += part * slope
    }
    variance += Math.max(0, square - mean * mean)
  }
  return variance
}
