import { sortOrder } from '../stats/sort-order.js'
import { isPositive, type MetricData } from './data.js'

/** The rows of a data set from the highest score to the lowest. */
export interface ScoreRanking {
  /** Row numbers; equal scores in any order. */
  readonly order: Uint32Array
  readonly positive: Uint8Array
  /** One at the last row of each distinct score. */
  readonly endsTie: Uint8Array
}

/** Ranks rows by score once, for metrics that read a curve off it. Scores must not be NaN. */
export function rankByScore(data: MetricData): ScoreRanking {
  const scores = data.scores ?? new Float64Array(data.n)
  const order = sortOrder(scores).reverse()
  const endsTie = Uint8Array.from(order, (row, i) =>
    i + 1 < order.length && scores[order[i + 1] ?? 0] === scores[row] ? 0 : 1,
  )
  return { order, positive: Uint8Array.from(order, (row) => isPositive(data, row)), endsTie }
}
