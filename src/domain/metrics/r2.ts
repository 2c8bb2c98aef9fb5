import {
  defined,
  type MetricData,
  type Outcome,
  undefinedBecause,
  type Weights,
  weightedMean,
} from './data.js'
import type { RowsMetric } from './metric.js'
import { residualsOf, scaledSquares, scaleOf } from './residuals.js'

/** Coefficient of determination. No value when all labels are equal. */
export const r2: RowsMetric = {
  name: 'r2',
  summary: 'Coefficient of determination: the share of variance that the predictions explain.',
  kind: 'rows',
  tasks: ['regression'],
  direction: 'higher',
  needs: ['prediction'],
  range: [Number.NEGATIVE_INFINITY, 1],
  strata: 'none',
  prepare(data) {
    const { labels, squares } = scaled(data)
    const rows = { labels, squares, deviations: new Float64Array(data.n) }
    return (weights) => determination(rows, weights)
  },
  sums(data) {
    const { labels, squares } = scaled(data)
    const centre = weightedMean(labels, data.weights).value ?? 0
    const deviations = labels.map((label) => label - centre)
    return {
      cellCount: 1,
      terms: [squares, deviations, deviations.map((deviation) => deviation * deviation)],
      of: ([weight = 0, residual = 0, sum = 0, sumOfSquares = 0]) => {
        const spread = sumOfSquares - (sum * sum) / weight
        return spread > 0
          ? defined(1 - residual / spread)
          : undefinedBecause('all labels are equal')
      },
    }
  },
}

function scaled(data: MetricData): { labels: Float64Array; squares: Float64Array } {
  // From the first label on, labels that are all equal are all 0: their mean is then exactly one of them.
  const labels = data.labels.map((label) => label - (data.labels[0] ?? 0))
  const scale = scaleOf(labels)
  for (let i = 0; i < labels.length; i++) labels[i] = (labels[i] ?? 0) / scale
  return { labels, squares: scaledSquares(residualsOf(data), scale) }
}

interface ScaledRows {
  readonly labels: Float64Array
  readonly squares: Float64Array
  /** Room for what depends on the weights. */
  readonly deviations: Float64Array
}

/** Both means by the same weights: their ratio is that of the sums. */
function determination(rows: ScaledRows, weights: Weights | undefined): Outcome {
  const { labels, squares, deviations } = rows
  const mean = weightedMean(labels, weights)
  if (mean.value === undefined) return mean
  if (allEqual(labels, weights)) return undefinedBecause('all labels are equal')
  const centre = mean.value
  for (let i = 0; i < labels.length; i++) {
    const deviation = (labels[i] ?? 0) - centre
    deviations[i] = deviation * deviation
  }
  const residual = weightedMean(squares, weights).value ?? Number.NaN
  const spread = weightedMean(deviations, weights).value ?? Number.NaN
  return defined(1 - residual / spread)
}

function allEqual(values: Float64Array, weights: Weights | undefined): boolean {
  let first: number | undefined
  for (let i = 0; i < values.length; i++) {
    if (weights !== undefined && !((weights[i] ?? 0) > 0)) continue
    const value = values[i] ?? 0
    if (first === undefined) first = value
    else if (value !== first) return false
  }
  return true
}
