import { isMultiClass, type MetricData, positiveScores } from './data.js'
import type { MeanMetric } from './metric.js'

/**
 * Mean squared distance of predicted probability and outcome (Brier 1950), as scikit-learn's brier_score_loss: of two classes the
 * square for the positive one, inside [0, 1]; of several the sum of the squares over the classes, inside [0, 2].
 */
export const brier: MeanMetric = {
  name: 'brier',
  summary:
    'Mean squared difference of predicted probability and outcome; of several classes the sum over them, at most 2.',
  kind: 'mean',
  tasks: ['classification'],
  direction: 'lower',
  needs: ['probability'],
  range: [0, 2],
  twoClassRange: [0, 1],
  binary: true,
  classes: 'any-with-class-scores',
  losses: (data) => (isMultiClass(data) ? overClasses(data) : ofPositive(data)),
}

function ofPositive(data: MetricData): Float64Array {
  const losses = new Float64Array(data.n)
  const scores = positiveScores(data) ?? losses
  addSquares(losses, data, { scores, code: data.positive })
  return losses
}

function overClasses(data: MetricData): Float64Array {
  const losses = new Float64Array(data.n)
  data.classScores?.forEach((scores, code) => {
    addSquares(losses, data, { scores, code })
  })
  return losses
}

function addSquares(
  losses: Float64Array,
  { n, labels }: MetricData,
  { scores, code }: { readonly scores: Float64Array; readonly code: number | undefined },
): void {
  for (let i = 0; i < n; i++) {
    const distance = (scores[i] ?? 0) - (labels[i] === code ? 1 : 0)
    losses[i] = (losses[i] ?? 0) + distance * distance
  }
}
