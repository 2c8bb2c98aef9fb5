import { defined, weightedMean } from './data.js'
import type { RowsMetric } from './metric.js'
import { lossOfResidual, square } from './residuals.js'

/** Square root of the mean squared error. */
export const rmse: RowsMetric = {
  name: 'rmse',
  summary: 'Square root of the mean squared error.',
  kind: 'rows',
  tasks: ['regression'],
  direction: 'lower',
  needs: ['prediction'],
  range: [0, Number.POSITIVE_INFINITY],
  strata: 'none',
  prepare(data) {
    const losses = lossOfResidual(data, square)
    return (weights) => {
      const mean = weightedMean(losses, weights)
      return mean.value === undefined ? mean : defined(Math.sqrt(mean.value))
    }
  },
}
