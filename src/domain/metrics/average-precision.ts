import { prepareOneVsRest } from './class-average.js'
import { defined, type Outcome, undefinedBecause, type Weights } from './data.js'
import type { RowsMetric } from './metric.js'
import type { ScoreRanking } from './score-ranking.js'

/**
 * Average precision: the sum over distinct scores, from the highest, of precision times the gain in recall, as scikit-learn
 * defines it (no interpolation). Of several classes with a score each, the average over classes against the rest. No value
 * when no example is positive, or a class that counts does not occur.
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
  classes: 'any-with-class-scores',
  averages: ['macro', 'weighted'],
  strata: 'none',
  prepare: (data, options) => prepareOneVsRest(data, options, stepwiseSum),
}

function stepwiseSum(ranked: ScoreRanking, weights: Weights | undefined): Outcome {
  const { order, positive, endsTie } = ranked
  let truePositives = 0
  let predicted = 0
  let before = 0
  let sum = 0
  for (let i = 0; i < order.length; i++) {
    const weight = weights === undefined ? 1 : (weights[order[i] ?? 0] ?? 0)
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
