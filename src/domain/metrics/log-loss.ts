import { isMultiClass, type MetricData, positiveScores } from './data.js'
import type { MeanMetric } from './metric.js'

/** scikit-learn's clip: probabilities of 0 and 1 would cost infinity. */
const CLIP = Number.EPSILON

/**
 * Mean negative logarithm of the probability given to the class that was true; probabilities clipped at 2.2e-16. Those of several
 * classes are taken as they are, whether or not they add up to one.
 */
export const logLoss: MeanMetric = {
  name: 'log-loss',
  summary: 'Mean negative log-probability of the true class.',
  kind: 'mean',
  tasks: ['classification'],
  direction: 'lower',
  needs: ['probability'],
  range: [0, Number.POSITIVE_INFINITY],
  binary: true,
  classes: 'any-with-class-scores',
  losses: (data) => (isMultiClass(data) ? ofTrueClass(data) : ofPositive(data)),
}

function ofPositive(data: MetricData): Float64Array {
  const { n, labels, positive } = data
  const losses = new Float64Array(n)
  const scores = positiveScores(data) ?? losses
  for (let i = 0; i < n; i++) {
    const score = Math.min(1 - CLIP, Math.max(CLIP, scores[i] ?? 0))
    losses[i] = -(labels[i] === positive ? Math.log(score) : Math.log1p(-score))
  }
  return losses
}

function ofTrueClass({ n, labels, classScores = [] }: MetricData): Float64Array {
  const losses = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const score = classScores[labels[i] ?? 0]?.[i] ?? 0
    losses[i] = -Math.log(Math.min(1 - CLIP, Math.max(CLIP, score)))
  }
  return losses
}
