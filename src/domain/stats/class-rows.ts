import { isRankable } from './placements.js'

export type AucAverage = 'macro' | 'weighted'

/** The rows of a problem with several classes, found to be valid. */
export interface ClassRows {
  readonly labels: ArrayLike<number>
  /** Rows of each class, by its code. */
  readonly counts: readonly number[]
}

/** An area over several classes, and how much each row moves it; influences add up to 0. */
export interface Influences {
  readonly auc: number
  readonly influences: Float64Array
}

/**
 * Counts the rows of each class. Undefined for fewer than two classes or two rows of a class, a label that is no index into
 * the scores, a NaN score, or lists of different lengths.
 */
export function classRows(
  labels: ArrayLike<number>,
  scores: readonly Float64Array[],
): ClassRows | undefined {
  const counts = scores.map(() => 0)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? -1
    const count = counts[label]
    if (count === undefined) return undefined
    counts[label] = count + 1
  }
  if (counts.length < 2 || counts.some((count) => count < 2)) return undefined
  return scores.every((list) => isRankable(labels, list)) ? { labels, counts } : undefined
}
