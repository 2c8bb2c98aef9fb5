import { weightedMean } from './data.js'
import type { RowsMetric } from './metric.js'

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
    const ratios = new Float64Array(data.n)
    for (let i = 0; i < data.n; i++) {
      const label = data.labels[i] ?? 0
      const error = Math.abs((data.predictions?.[i] ?? 0) - label)
      ratios[i] = error / Math.max(Number.EPSILON, Math.abs(label))
    }
    return (weights) => weightedMean(ratios, weights)
  },
}
