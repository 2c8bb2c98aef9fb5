import { defined, type MetricData, undefinedBecause, weightedMean } from './data.js'
import type { RowsMetric } from './metric.js'
import { residualsOf } from './residuals.js'

/**
 * Mean absolute percentage error, as a share: |prediction - label| over |label|, the divisor at least 2.2e-16 as in
 * scikit-learn, so that a label of 0 makes it huge. Bootstrapped, since its ratios have heavy tails.
 */
export const mape: RowsMetric = {
  name: 'mape',
  summary: 'Mean absolute error relative to the label (0.1 is ten percent).',
  kind: 'rows',
  tasks: ['regression'],
  direction: 'lower',
  needs: ['prediction'],
  range: [0, Number.POSITIVE_INFINITY],
  strata: 'none',
  prepare(data) {
    const ratios = relativeErrors(data)
    return (weights) => weightedMean(ratios, weights)
  },
  sums: (data) => ({
    cellCount: 1,
    terms: [relativeErrors(data)],
    of: ([weight = 0, sum = 0]) =>
      weight > 0 ? defined(sum / weight) : undefinedBecause('there are no examples'),
  }),
}

function relativeErrors(data: MetricData): Float64Array {
  const ratios = residualsOf(data)
  for (let i = 0; i < ratios.length; i++) {
    const divisor = Math.max(Number.EPSILON, Math.abs(data.labels[i] ?? 0))
    ratios[i] = Math.abs(ratios[i] ?? 0) / divisor
  }
  return ratios
}
