import { defined, type Outcome, undefinedBecause, type Weights, weightAt } from './data.js'
import type { RankMetric } from './metric.js'
import { rankByScore, type ScoreRanking } from './score-ranking.js'

/**
 * Area under the ROC curve: how often a positive example scores above a negative one, ties counting half.
 * No value when only one class occurs.
 */
export const auc: RankMetric = {
  name: 'auc',
  summary: 'Area under the ROC curve (ties count half).',
  kind: 'rank',
  tasks: ['classification'],
  direction: 'higher',
  needs: ['score'],
  range: [0, 1],
  binary: true,
  strata: 'label',
  prepare(data) {
    const ranking = rankByScore(data)
    return (weights) => rocArea(ranking, weights)
  },
}

function rocArea(ranking: ScoreRanking, weights: Weights | undefined): Outcome {
  const { order, positive, endsTie } = ranking
  const above = { positives: 0, negatives: 0 }
  const tied = { positives: 0, negatives: 0 }
  let area = 0
  for (let i = 0; i < order.length; i++) {
    const weight = weightAt(weights, order[i] ?? 0)
    if (positive[i] === 1) tied.positives += weight
    else tied.negatives += weight
    if (endsTie[i] === 0) continue
    area += tied.negatives * (above.positives + tied.positives / 2)
    above.positives += tied.positives
    above.negatives += tied.negatives
    tied.positives = 0
    tied.negatives = 0
  }
  if (above.positives === 0) return undefinedBecause('no example is positive')
  if (above.negatives === 0) return undefinedBecause('every example is positive')
  return defined(area / (above.positives * above.negatives))
}
