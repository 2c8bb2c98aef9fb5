import type { MeanMetric } from './metric.js'
import { residualsOf } from './residuals.js'

/** Mean absolute error. */
export const mae: MeanMetric = {
  name: 'mae',
  summary: 'Mean absolute error.',
  kind: 'mean',
  tasks: ['regression'],
  direction: 'lower',
  needs: ['prediction'],
  range: [0, Number.POSITIVE_INFINITY],
  losses(data) {
    const losses = residualsOf(data)
    for (let i = 0; i < losses.length; i++) losses[i] = Math.abs(losses[i] ?? 0)
    return losses
  },
}
