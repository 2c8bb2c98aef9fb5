import { keptOrder } from './sort-order.js'

/** DeLong's structural components of one area under a ROC curve. */
export interface Placements {
  /** For each example, the share of the other class that it is ranked correctly against (ties count half). */
  readonly shares: Float64Array
  readonly auc: number
  readonly positives: number
  readonly negatives: number
}

function countPositives(labels: ArrayLike<number>): number {
  let positives = 0
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) positives++
  return positives
}

/** NaN cannot be ranked, nor can lists of different lengths be joined. */
export function isRankable(labels: ArrayLike<number>, scores: Float64Array): boolean {
  if (labels.length !== scores.length) return false
  for (let i = 0; i < scores.length; i++) if (Number.isNaN(scores[i])) return false
  return true
}

/** Where the run of equal scores that begins at `start` ends (exclusive). */
export function tieEnd(order: Uint32Array, scores: Float64Array, start: number): number {
  const value = scores[order[start] ?? 0]
  let end = start + 1
  while (end < order.length && scores[order[end] ?? 0] === value) end++
  return end
}

const KEPT = new WeakMap<
  Float64Array,
  { labels: ArrayLike<number>; found: Placements | undefined }
>()

/** `placements`, kept as long as the scores are: an area and its variance are read off the same. Neither may be changed. */
export function keptPlacements(
  labels: ArrayLike<number>,
  scores: Float64Array,
): Placements | undefined {
  const kept = KEPT.get(scores)
  if (kept?.labels === labels) return kept.found
  const found = placements(labels, scores)
  KEPT.set(scores, { labels, found })
  return found
}

/**
 * DeLong's structural components by one walk over the sorted scores: Sun & Xu's midranks without the ranks. `labels` are 1
 * for positive. Fewer than two examples of either class, NaN scores or unequal lengths -> undefined.
 */
export function placements(
  labels: ArrayLike<number>,
  scores: Float64Array,
): Placements | undefined {
  const positives = countPositives(labels)
  const negatives = labels.length - positives
  if (positives < 2 || negatives < 2 || !isRankable(labels, scores)) return undefined
  const order = keptOrder(scores)
  const shares = new Float64Array(labels.length)
  let positivesBefore = 0
  let twiceWins = 0
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(order, scores, start)
    let tied = 0
    for (let i = start; i < end; i++) if (labels[order[i] ?? 0] === 1) tied++
    const negativesBefore = start - positivesBefore
    const twiceBelow = 2 * negativesBefore + (end - start - tied)
    const twiceAbove = 2 * (positives - positivesBefore) - tied
    for (let i = start; i < end; i++) {
      const index = order[i] ?? 0
      shares[index] =
        labels[index] === 1 ? twiceBelow / (2 * negatives) : twiceAbove / (2 * positives)
    }
    twiceWins += tied * twiceBelow
    positivesBefore += tied
    start = end
  }
  return { shares, auc: twiceWins / (2 * positives * negatives), positives, negatives }
}
