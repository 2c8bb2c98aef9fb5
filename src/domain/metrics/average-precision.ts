import { defined, type Outcome, undefinedBecause, type Weights, weightAt } from './data.js'
import type { RowsMetric } from './metric.js'
import { rankByScore, type ScoreRanking } from './score-ranking.js'

/**
 * Average precision: the sum over distinct scores, from the highest, of precision times the gain in recall, as scikit-learn
 * defines it (no interpolation). No value when no example is positive.
 */
export const averagePrecision: RowsMetric = {
  name: 'average-precision',
  summary: 'Area under the precision-recall curve, as the step-wise sum of average precision.',
  kind: 'rows',
  tasks: ['classification'],
  direction: 'higher',
  needs: ['score'],
  range: [0, 1],
  binary: true,
  strata: 'none',
  prepare(data) {
    const ranked = rankByScore(data)
    return (weights) => stepwiseSum(ranked, weights)
  },
}

function stepwiseSum(ranked: ScoreRanking, weights: Weights | undefined): Outcome {
  const { order, positive, endsTie } = ranked
  let truePositives = 0
  let predicted = 0
  let before = 0
  let sum = 0
  for (let i = 0; i < order.length; i++) {
    const weight = weightAt(weights, order[i] ?? 0)
    predicted += weight
    if (positive[i] === 1) truePositives += weight
    if (endsTie[i] === 1 && truePositives > before) {
      sum += (truePositives - before) * (truePositives / predicted)
      before = truePositives
    }
  }
  return truePositives > 0
    ? defined(sum / truePositives)
    : undefinedBecause('no example is positive')
}
