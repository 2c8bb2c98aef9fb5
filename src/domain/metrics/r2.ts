import {
  defined,
  type MetricData,
  type Outcome,
  undefinedBecause,
  type Weights,
  weightAt,
  weightedMean,
} from './data.js'
import type { RowsMetric } from './metric.js'
import { lossOfResidual, square } from './residuals.js'

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
    const losses = lossOfResidual(data, square)
    return (weights) => determination(data, losses, weights)
  },
}

function determination(
  data: MetricData,
  losses: Float64Array,
  weights: Weights | undefined,
): Outcome {
  const mean = weightedMean(data.labels, weights)
  if (mean.value === undefined) return mean
  let residual = 0
  let spread = 0
  for (let i = 0; i < data.n; i++) {
    const weight = weightAt(weights, i)
    residual += weight * (losses[i] ?? 0)
    spread += weight * ((data.labels[i] ?? 0) - mean.value) ** 2
  }
  return spread > 0 ? defined(1 - residual / spread) : undefinedBecause('all labels are equal')
}
