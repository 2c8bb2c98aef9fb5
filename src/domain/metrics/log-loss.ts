import { isPositive } from './data.js'
import type { MeanMetric } from './metric.js'

/** scikit-learn's clip: probabilities of 0 and 1 would cost infinity. */
const CLIP = Number.EPSILON

/** Mean negative logarithm of the probability given to the class that was true; probabilities clipped at 2.2e-16. */
export const logLoss: MeanMetric = {
  name: 'log-loss',
  summary: 'Mean negative log-probability of the true class.',
  kind: 'mean',
  tasks: ['classification'],
  direction: 'lower',
  needs: ['probability'],
  range: [0, Number.POSITIVE_INFINITY],
  binary: true,
  losses(data) {
    const losses = new Float64Array(data.n)
    for (let i = 0; i < data.n; i++) {
      const score = Math.min(1 - CLIP, Math.max(CLIP, data.scores?.[i] ?? 0))
      losses[i] = -(isPositive(data, i) === 1 ? Math.log(score) : Math.log1p(-score))
    }
    return losses
  },
}
