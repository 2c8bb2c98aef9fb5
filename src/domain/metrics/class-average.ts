import {
  defined,
  isMultiClass,
  type MetricData,
  type MetricOptions,
  type Outcome,
  undefinedBecause,
  type Weights,
  weightAt,
} from './data.js'
import { positiveClass, rankByScore, type ScoreRanking } from './score-ranking.js'

/** A number read off the ranking of one class against the others. */
export type CurveMetric = (ranking: ScoreRanking, weights: Weights | undefined) => Outcome

/**
 * A curve's number for two classes; for several with a score each, its average over the classes, each against the rest: `macro`
 * (the default) equally, `weighted` by how often they occur. No value when a class that counts has none.
 */
export function prepareOneVsRest(
  data: MetricData,
  options: MetricOptions,
  curve: CurveMetric,
): (weights: Weights | undefined) => Outcome {
  if (!isMultiClass(data)) {
    const ranking = rankByScore(positiveClass(data))
    return (weights) => curve(ranking, weights)
  }
  const { labels, classes, classScores = [] } = data
  const rankings = classScores.map((scores, code) => rankByScore({ labels, scores, code }))
  const byFrequency = options.average === 'weighted'
  return (weights) => {
    const shares = byFrequency
      ? classWeights(data, weights)
      : new Float64Array(classes.length).fill(1)
    let sum = 0
    let total = 0
    for (const [code, ranking] of rankings.entries()) {
      const share = shares[code] ?? 0
      if (share === 0) continue
      const { value, reason } = curve(ranking, weights)
      if (value === undefined) return undefinedBecause(`class "${classes[code]}": ${reason}`)
      sum += share * value
      total += share
    }
    return total > 0 ? defined(sum / total) : undefinedBecause('there are no examples')
  }
}

/** The weight of the rows of each class. */
export function classWeights(data: MetricData, weights: Weights | undefined): Float64Array {
  const sums = new Float64Array(data.classes.length)
  for (let row = 0; row < data.n; row++) {
    const code = data.labels[row] ?? 0
    sums[code] = (sums[code] ?? 0) + weightAt(weights, row)
  }
  return sums
}
