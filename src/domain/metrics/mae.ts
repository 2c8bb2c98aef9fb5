import type { MeanMetric } from './metric.js'
import { lossOfResidual } from './residuals.js'

/** Mean absolute error. */
export const mae: MeanMetric = {
  name: 'mae',
  summary: 'Mean absolute error.',
  kind: 'mean',
  tasks: ['regression'],
  direction: 'lower',
  needs: ['prediction'],
  range: [0, Number.POSITIVE_INFINITY],
  losses: (data) => lossOfResidual(data, Math.abs),
}
