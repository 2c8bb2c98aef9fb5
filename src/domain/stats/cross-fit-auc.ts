import { clusteredAreaVariance } from './clustered-area.js'
import { delongSingle, intervalOfArea } from './delong.js'
import { groupedFolds } from './grouped-folds.js'
import type { RandomSource } from './random.js'

/** Learns from the rows of those numbers, and gives what scores any others. */
export type Learn = (train: Uint32Array) => (rows: Uint32Array) => Float64Array

export interface CrossFitAuc {
  /** The mean of the folds' areas, each fold's model having seen none of its rows. */
  readonly auc: number
  /** Cut to [0, 1]. */
  readonly low: number
  readonly high: number
  readonly standardError: number
  /** Each row's score from the model that has not seen it; scores of different folds cannot be compared. */
  readonly scores: Float64Array
  /** Each row's fold, 0 to folds - 1. */
  readonly folds: Uint8Array
}

export interface CrossFitInput {
  /** 1 for positive; one a row. */
  readonly labels: Uint8Array
  /** 2 to 255. */
  readonly folds: number
  /**
   * Equal for rows that belong together, such as copies of one text: they come into the same fold, so that none is scored by a
   * model that has seen its copy, and count together in the variance. One a row; absent: each row is its own.
   */
  readonly groups?: ArrayLike<number> | undefined
  /** Of the two-sided interval. */
  readonly level: number
  readonly random: RandomSource
  readonly learn: Learn
}

/** A fold with fewer of a class has no variance to speak of. */
const FEWEST_A_FOLD = 2

/**
 * Without a difference, the areas of two folds share one product: what the first's rows taught the second's model is what the
 * second's taught the first's. For a linear rule that doubles the variance of the mean of the areas for any number of folds, and
 * DeLong's variance, which takes the models as given, knows nothing of it.
 */
const SHARED_ROWS = 2

/** Rows dealt to folds at random, each class evenly. */
export function stratifiedFolds(
  labels: Uint8Array,
  folds: number,
  random: RandomSource,
): Uint8Array {
  const result = new Uint8Array(labels.length)
  const classes: number[][] = [[], []]
  for (let i = 0; i < labels.length; i++) classes[labels[i] === 1 ? 1 : 0]?.push(i)
  for (const rows of classes) {
    for (let last = rows.length - 1; last > 0; last--) {
      const other = random.below(last + 1)
      const kept = rows[last] ?? 0
      rows[last] = rows[other] ?? 0
      rows[other] = kept
    }
    for (let i = 0; i < rows.length; i++) result[rows[i] ?? 0] = i % folds
  }
  return result
}

/** The rows in a fold, or all others, in order. */
export function rowsOfFold(folds: Uint8Array, fold: number, inside: boolean): Uint32Array {
  const rows: number[] = []
  for (let i = 0; i < folds.length; i++) if ((folds[i] === fold) === inside) rows.push(i)
  return Uint32Array.from(rows)
}

/**
 * How well a learner tells two classes apart on rows it has not seen: the mean of the areas under the ROC curves of stratified
 * folds, not the area of pooled scores, which lies below one half where there is nothing to learn. The interval is from DeLong's
 * variances of the folds (LeDell, Petersen & van der Laan 2015, Electronic Journal of Statistics 9:1583-1607), doubled for what
 * folds have in common: it holds one half at least at its level where there is no difference, and is cautious elsewhere. Fewer
 * than two rows a class and fold, or NaN scores -> undefined.
 */
export function crossFitAuc(input: CrossFitInput): CrossFitAuc | undefined {
  const { labels, random, level, groups } = input
  const folds =
    groups === undefined
      ? stratifiedFolds(labels, input.folds, random)
      : groupedFolds(groups, input.folds, random)
  if (smallestCell(labels, folds, input.folds) < FEWEST_A_FOLD) return undefined
  const scores = new Float64Array(labels.length)
  let sum = 0
  let variance = 0
  for (let fold = 0; fold < input.folds; fold++) {
    const score = input.learn(rowsOfFold(folds, fold, false))
    const rows = rowsOfFold(folds, fold, true)
    const own = score(rows)
    rows.forEach((row, i) => {
      scores[row] = own[i] ?? Number.NaN
    })
    const area = areaOf({ labels, groups }, rows, own)
    if (area === undefined) return undefined
    sum += area.auc
    variance += area.variance
  }
  const mean = intervalOfArea(sum / input.folds, (SHARED_ROWS * variance) / input.folds ** 2, level)
  return { ...mean, scores, folds }
}

function areaOf(
  { labels, groups }: Pick<CrossFitInput, 'labels' | 'groups'>,
  rows: Uint32Array,
  scores: Float64Array,
): { readonly auc: number; readonly variance: number } | undefined {
  const own = Uint8Array.from(rows, (row) => labels[row] ?? 0)
  const single = delongSingle(own, scores, 0.95)
  if (single === undefined) return undefined
  const clusters = groups && Uint32Array.from(rows, (row) => groups[row] ?? 0)
  // Copies may also cancel: never less than what independent rows have.
  const together = clusters && clusteredAreaVariance(own, scores, clusters)
  const variance = Math.max(single.standardError ** 2, together ?? 0)
  return { auc: single.auc, variance }
}

function smallestCell(labels: Uint8Array, folds: Uint8Array, count: number): number {
  const cells = new Uint32Array(2 * count)
  for (let i = 0; i < labels.length; i++) {
    const cell = 2 * (folds[i] ?? 0) + (labels[i] === 1 ? 1 : 0)
    cells[cell] = (cells[cell] ?? 0) + 1
  }
  return cells.reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY)
}
