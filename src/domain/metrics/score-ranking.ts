import { isPositive, type MetricData } from './data.js'

/** The rows of a data set from the highest score to the lowest. */
export interface ScoreRanking {
  /** Row numbers; equal scores stay in row order. */
  readonly order: Uint32Array
  readonly positive: Uint8Array
  /** One at the last row of each distinct score. */
  readonly endsTie: Uint8Array
}

/** Ranks rows by score once, for metrics that read a curve off it. Scores must not be NaN. */
export function rankByScore(data: MetricData): ScoreRanking {
  const scores = data.scores ?? new Float64Array(data.n)
  const order = Uint32Array.from(scores, (_, row) => row)
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
  const endsTie = Uint8Array.from(order, (row, i) =>
    i + 1 < order.length && scores[order[i + 1] ?? 0] === scores[row] ? 0 : 1,
  )
  return { order, positive: Uint8Array.from(order, (row) => isPositive(data, row)), endsTie }
}
