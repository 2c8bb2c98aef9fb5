import { keptOrder } from '../stats/sort-order.js'
import { type MetricData, positiveScores } from './data.js'

/** The rows of a data set from the highest score to the lowest. */
export interface ScoreRanking {
  /** Row numbers; equal scores in any order. */
  readonly order: Uint32Array
  readonly positive: Uint8Array
  /** One at the last row of each distinct score. */
  readonly endsTie: Uint8Array
}

/** One class against the others, by a score of it. */
export interface ScoredClass {
  readonly labels: Float64Array
  readonly scores: Float64Array
  /** Code of the class that counts as positive. */
  readonly code: number | undefined
}

/** The positive class and its scores; all scores are 0 where there are none. */
export function positiveClass(data: MetricData): ScoredClass {
  const scores = positiveScores(data) ?? new Float64Array(data.n)
  return { labels: data.labels, scores, code: data.positive }
}

/** Ranks rows by score once, for metrics that read a curve off it. Scores must not be NaN. */
export function rankByScore({ labels, scores, code }: ScoredClass): ScoreRanking {
  const order = keptOrder(scores).toReversed()
  const n = order.length
  const endsTie = new Uint8Array(n)
  const positive = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    const row = order[i] ?? 0
    if (i + 1 === n || scores[order[i + 1] ?? 0] !== scores[row]) endsTie[i] = 1
    if (labels[row] === code) positive[i] = 1
  }
  return { order, positive, endsTie }
}
