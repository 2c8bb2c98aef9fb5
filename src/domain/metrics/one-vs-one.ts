import { classWeights } from './class-average.js'
import {
  defined,
  type MetricData,
  type Outcome,
  undefinedBecause,
  type Weights,
  weightAt,
} from './data.js'
import { rankByScore, type ScoreRanking } from './score-ranking.js'

/**
 * The area under the ROC curve of several classes, each pair of those that occur: the mean of the two areas that the two classes'
 * own scores give on the rows of both (Hand & Till 2001). Pairs count equally, or with `byFrequency` by how many rows they have.
 */
export function prepareOneVsOne(
  data: MetricData,
  byFrequency: boolean,
): (weights: Weights | undefined) => Outcome {
  const { labels, classScores = [] } = data
  const rankings = classScores.map((scores, code) => rankByScore({ labels, scores, code }))
  return (weights) => {
    const sizes = classWeights(data, weights)
    const areas = rankings.map((ranking) => areasAgainst(ranking, data, weights))
    let sum = 0
    let total = 0
    for (const { one, other, pairs } of pairsOf(sizes)) {
      const share = byFrequency ? (sizes[one] ?? 0) + (sizes[other] ?? 0) : 1
      const both = (areas[one]?.[other] ?? 0) + (areas[other]?.[one] ?? 0)
      sum += share * (both / pairs / 2)
      total += share
    }
    return total > 0 ? defined(sum / total) : undefinedBecause('all labels are of one class')
  }
}

interface ClassPair {
  readonly one: number
  readonly other: number
  /** Pairs of a row of each. */
  readonly pairs: number
}

/** Every two classes that occur. */
function pairsOf(sizes: Float64Array): ClassPair[] {
  const list: ClassPair[] = []
  for (let one = 0; one < sizes.length; one++) {
    for (let other = 0; other < one; other++) {
      const pairs = (sizes[one] ?? 0) * (sizes[other] ?? 0)
      if (pairs > 0) list.push({ one, other, pairs })
    }
  }
  return list
}

/** By class, the weight of the pairs of a row of the ranked class above a row of that class; ties count half. */
function areasAgainst(
  { order, positive, endsTie }: ScoreRanking,
  data: MetricData,
  weights: Weights | undefined,
): Float64Array {
  const areas = new Float64Array(data.classes.length)
  let above = 0
  let tied = 0
  let start = 0
  for (let i = 0; i < order.length; i++) {
    if (positive[i] === 1) tied += weightAt(weights, order[i] ?? 0)
    if (endsTie[i] === 0) continue
    const share = above + tied / 2
    for (let j = start; j <= i; j++) {
      const row = order[j] ?? 0
      const code = data.labels[row] ?? 0
      // The ranked class itself is counted too, where nobody looks.
      areas[code] = (areas[code] ?? 0) + weightAt(weights, row) * share
    }
    above += tied
    tied = 0
    start = i + 1
  }
  return areas
}
