import type { MeanMetric } from './metric.js'
import { residualsOf, scaledSquares } from './residuals.js'

/** Mean squared error. */
export const mse: MeanMetric = {
  name: 'mse',
  summary: 'Mean squared error.',
  kind: 'mean',
  tasks: ['regression'],
  direction: 'lower',
  needs: ['prediction'],
  range: [0, Number.POSITIVE_INFINITY],
  losses: (data) => scaledSquares(residualsOf(data), 1),
}
