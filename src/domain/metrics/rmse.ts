import { defined, undefinedBecause, weightedMean } from './data.js'
import type { RowsMetric } from './metric.js'
import { residualsOf, scaledSquares, scaleOf } from './residuals.js'

/** Square root of the mean squared error; squares of very large or small errors are scaled, so that it has a value where they have none. */
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
    const residuals = residualsOf(data)
    const scale = scaleOf(residuals)
    const squares = scaledSquares(residuals, scale)
    return (weights) => {
      const mean = weightedMean(squares, weights)
      return mean.value === undefined ? mean : defined(Math.sqrt(mean.value) * scale)
    }
  },
  sums(data) {
    const residuals = residualsOf(data)
    const scale = scaleOf(residuals)
    return {
      cellCount: 1,
      terms: [scaledSquares(residuals, scale)],
      of: ([weight = 0, squares = 0]) =>
        weight > 0
          ? defined(Math.sqrt(squares / weight) * scale)
          : undefinedBecause('there are no examples'),
    }
  },
}
