import { sortOrder } from './sort-order.js'
import { normalMultiplier, normalSf } from './special/normal.js'

export interface DelongSingle {
  readonly auc: number
  readonly low: number
  readonly high: number
  readonly standardError: number
}

export interface DelongPaired {
  readonly auc: number
  readonly baselineAuc: number
  /** auc - baselineAuc. */
  readonly difference: number
  readonly low: number
  readonly high: number
  /** difference / standard error; infinite where a difference has no variance at all. */
  readonly statistic: number
  /** Two-sided. */
  readonly pValue: number
  /** Of the difference. */
  readonly variance: number
}

interface Placements {
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
function isRankable(labels: ArrayLike<number>, scores: Float64Array): boolean {
  if (labels.length !== scores.length) return false
  for (let i = 0; i < scores.length; i++) if (Number.isNaN(scores[i])) return false
  return true
}

/** Where the run of equal scores that begins at `start` ends (exclusive). */
function tieEnd(order: Uint32Array, scores: Float64Array, start: number): number {
  const value = scores[order[start] ?? 0]
  let end = start + 1
  while (end < order.length && scores[order[end] ?? 0] === value) end++
  return end
}

/** DeLong's structural components by one walk over the sorted scores: Sun & Xu's midranks without the ranks. */
function placements(labels: ArrayLike<number>, scores: Float64Array): Placements | undefined {
  const positives = countPositives(labels)
  const negatives = labels.length - positives
  if (positives < 2 || negatives < 2 || !isRankable(labels, scores)) return undefined
  const order = sortOrder(scores)
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

/** The variance of an AUC, or of a difference of two, from components whose mean in either class is `centre`. */
function componentVariance(
  labels: ArrayLike<number>,
  component: (index: number) => number,
  centre: number,
): number {
  let ofPositives = 0
  let ofNegatives = 0
  let positives = 0
  for (let i = 0; i < labels.length; i++) {
    const deviation = component(i) - centre
    if (labels[i] === 1) {
      ofPositives += deviation * deviation
      positives++
    } else ofNegatives += deviation * deviation
  }
  const negatives = labels.length - positives
  return ofPositives / ((positives - 1) * positives) + ofNegatives / ((negatives - 1) * negatives)
}

/**
 * Area under the ROC curve with DeLong's interval (DeLong, DeLong & Clarke-Pearson 1988; Sun & Xu 2014), cut to
 * [0, 1]. `labels` are 1 for positive; ties count half; infinite scores are ranked. Perfect separation has standard
 * error 0: the interval is then the point, which says less than it seems. Fewer than two examples of either class,
 * NaN scores or unequal lengths -> undefined.
 */
export function delongSingle(
  labels: ArrayLike<number>,
  scores: Float64Array,
  level: number,
): DelongSingle | undefined {
  const found = placements(labels, scores)
  if (found === undefined) return undefined
  const { shares, auc } = found
  const standardError = Math.sqrt(componentVariance(labels, (i) => shares[i] ?? 0, auc))
  const half = normalMultiplier(level) * standardError
  return { auc, low: Math.max(0, auc - half), high: Math.min(1, auc + half), standardError }
}

/** z of a difference: 0 for no difference, infinite for one without variance. */
function standardised(difference: number, variance: number): number {
  return difference === 0 ? 0 : difference / Math.sqrt(variance)
}

/**
 * Compares the areas under the ROC curves of two models on the same examples (DeLong, DeLong & Clarke-Pearson 1988;
 * Sun & Xu 2014): difference, its interval cut to [-1, 1], and the two-sided test. Takes n log n time or less. Equal
 * rankings -> [0, 0] and p 1. Fewer than two examples of either class, NaN scores or unequal lengths -> undefined.
 */
// biome-ignore lint/complexity/useMaxParams: labels, two score lists and a level read best in this order
export function delongPaired(
  labels: ArrayLike<number>,
  scores: Float64Array,
  baselineScores: Float64Array,
  level: number,
): DelongPaired | undefined {
  const candidate = placements(labels, scores)
  const baseline = placements(labels, baselineScores)
  if (candidate === undefined || baseline === undefined) return undefined
  const difference = candidate.auc - baseline.auc
  // The variance of the components' differences, not S11 + S22 - 2 S12: exactly 0 for equal models.
  const component = (i: number) => (candidate.shares[i] ?? 0) - (baseline.shares[i] ?? 0)
  const variance = componentVariance(labels, component, difference)
  const half = normalMultiplier(level) * Math.sqrt(variance)
  const statistic = standardised(difference, variance)
  return {
    auc: candidate.auc,
    baselineAuc: baseline.auc,
    difference,
    low: Math.max(-1, difference - half),
    high: Math.min(1, difference + half),
    statistic,
    pValue: Math.min(1, 2 * normalSf(Math.abs(statistic))),
    variance,
  }
}
