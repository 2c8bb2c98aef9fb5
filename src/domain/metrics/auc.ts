import { keptPlacements } from '../stats/placements.js'
import { prepareOneVsRest } from './class-average.js'
import {
  defined,
  isMultiClass,
  type Outcome,
  positiveScores,
  undefinedBecause,
  type Weights,
} from './data.js'
import type { RankMetric } from './metric.js'
import { prepareOneVsOne } from './one-vs-one.js'
import { positivesOf } from './positives.js'
import type { ScoreRanking } from './score-ranking.js'

/**
 * Area under the ROC curve: how often a positive example scores above a negative one, ties counting half. Of several classes with
 * a score each, the average over classes against the rest, or over pairs of classes, as scikit-learn's roc_auc_score (whose
 * one-vs-one takes no weights: here they count as so many rows). No value when only one class occurs, or when one does not
 * that counts.
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
  classes: 'any-with-class-scores',
  averages: ['macro', 'weighted'],
  multiClass: true,
  strata: 'label',
  prepare(data, options) {
    if (isMultiClass(data)) {
      return options.multiClass === 'one-vs-one'
        ? prepareOneVsOne(data, options.average === 'weighted')
        : prepareOneVsRest(data, options, rocArea)
    }
    let ranked: ((weights: Weights | undefined) => Outcome) | undefined
    return (weights) => {
      // Without weights the area is that of its variance, which the gate needs as well.
      const scores = weights === undefined ? positiveScores(data) : undefined
      const placed = scores && keptPlacements(positivesOf(data), scores)
      if (placed !== undefined) return defined(placed.auc)
      ranked ??= prepareOneVsRest(data, options, rocArea)
      return ranked(weights)
    }
  },
}

function rocArea(ranking: ScoreRanking, weights: Weights | undefined): Outcome {
  const { order, positive, endsTie } = ranking
  let positives = 0
  let negatives = 0
  let tiedPositives = 0
  let tiedNegatives = 0
  let area = 0
  for (let i = 0; i < order.length; i++) {
    const weight = weights === undefined ? 1 : (weights[order[i] ?? 0] ?? 0)
    if (positive[i] === 1) tiedPositives += weight
    else tiedNegatives += weight
    if (endsTie[i] === 0) continue
    area += tiedNegatives * (positives + tiedPositives / 2)
    positives += tiedPositives
    negatives += tiedNegatives
    tiedPositives = 0
    tiedNegatives = 0
  }
  if (positives === 0) return undefinedBecause('no example is positive')
  if (negatives === 0) return undefinedBecause('every example is positive')
  return defined(area / (positives * negatives))
}
