import { isPositive } from './data.js'
import type { MeanMetric } from './metric.js'

/** Mean squared distance of the predicted probability from the outcome, 0 or 1 (Brier 1950, one-class form). */
export const brier: MeanMetric = {
  name: 'brier',
  summary: 'Mean squared difference of predicted probability and outcome.',
  kind: 'mean',
  tasks: ['classification'],
  direction: 'lower',
  needs: ['probability'],
  range: [0, 1],
  binary: true,
  losses(data) {
    const losses = new Float64Array(data.n)
    for (let i = 0; i < data.n; i++)
      losses[i] = ((data.scores?.[i] ?? 0) - isPositive(data, i)) ** 2
    return losses
  },
}
