import { fieller, type RatioEstimate } from './fieller.js'
import { keptPlacements, type Placements } from './placements.js'
import { normalMultiplier, normalSf } from './special/normal.js'

export interface DelongSingle {
  readonly auc: number
  readonly low: number
  readonly high: number
  readonly standardError: number
}

/** Two areas under ROC curves with what is known of their errors: the input of `delongRatio`. */
export interface AreaPair {
  readonly auc: number
  readonly baselineAuc: number
  /** Of `auc`. */
  readonly candidateVariance: number
  /** Of `baselineAuc`. */
  readonly baselineVariance: number
  /** Of the two; 0 where they come from different examples. */
  readonly covariance: number
}

export interface DelongPaired extends AreaPair {
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

/** The comparison of two areas from their moments, the interval cut to [-1, 1]. */
export function compareAreas(
  areas: AreaPair & { readonly variance: number },
  level: number,
): DelongPaired {
  const difference = areas.auc - areas.baselineAuc
  const half = normalMultiplier(level) * Math.sqrt(areas.variance)
  const statistic = difference === 0 ? 0 : difference / Math.sqrt(areas.variance)
  return {
    ...areas,
    difference,
    low: Math.max(-1, difference - half),
    high: Math.min(1, difference + half),
    statistic,
    pValue: Math.min(1, 2 * normalSf(Math.abs(statistic))),
  }
}

/** One area's interval, cut to [0, 1]. */
export function intervalOfArea(auc: number, variance: number, level: number): DelongSingle {
  const standardError = Math.sqrt(variance)
  const half = normalMultiplier(level) * standardError
  return { auc, low: Math.max(0, auc - half), high: Math.min(1, auc + half), standardError }
}

/** The variance of an area from components whose mean in either class is the area. */
function areaVariance(labels: ArrayLike<number>, found: Placements): number {
  const { shares, auc, positives, negatives } = found
  let ofPositives = 0
  let ofNegatives = 0
  for (let i = 0; i < shares.length; i++) {
    const deviation = (shares[i] ?? 0) - auc
    if (labels[i] === 1) ofPositives += deviation * deviation
    else ofNegatives += deviation * deviation
  }
  return ofPositives / ((positives - 1) * positives) + ofNegatives / ((negatives - 1) * negatives)
}

/** The covariance of two areas, and the variance of their difference, from the same examples. */
function jointVariances(
  labels: ArrayLike<number>,
  one: Placements,
  other: Placements,
): { covariance: number; variance: number } {
  const { positives, negatives } = one
  const factors = [1 / ((negatives - 1) * negatives), 1 / ((positives - 1) * positives)] as const
  let covariance = 0
  // The variance of the components' differences, not S11 + S22 - 2 S12: exactly 0 for equal models.
  let variance = 0
  for (let i = 0; i < one.shares.length; i++) {
    const factor = labels[i] === 1 ? factors[1] : factors[0]
    const a = (one.shares[i] ?? 0) - one.auc
    const b = (other.shares[i] ?? 0) - other.auc
    covariance += factor * a * b
    variance += factor * (a - b) * (a - b)
  }
  return { covariance, variance }
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
  const found = keptPlacements(labels, scores)
  return found && intervalOfArea(found.auc, areaVariance(labels, found), level)
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
  const candidate = keptPlacements(labels, scores)
  const baseline = keptPlacements(labels, baselineScores)
  if (candidate === undefined || baseline === undefined) return undefined
  const areas = {
    auc: candidate.auc,
    baselineAuc: baseline.auc,
    candidateVariance: areaVariance(labels, candidate),
    baselineVariance: areaVariance(labels, baseline),
    ...jointVariances(labels, candidate, baseline),
  }
  return compareAreas(areas, level)
}

/**
 * Compares the areas under the ROC curves of two models on different examples: independent areas, each with DeLong's
 * variance (DeLong, DeLong & Clarke-Pearson 1988), so that the variances add and the covariance is 0. Fewer than two
 * examples of either class in a sample, NaN scores or unequal lengths -> undefined.
 */
export function delongUnpaired(input: {
  readonly labels: ArrayLike<number>
  readonly scores: Float64Array
  readonly baselineLabels: ArrayLike<number>
  readonly baselineScores: Float64Array
  readonly level: number
}): DelongPaired | undefined {
  const candidate = keptPlacements(input.labels, input.scores)
  const baseline = keptPlacements(input.baselineLabels, input.baselineScores)
  if (candidate === undefined || baseline === undefined) return undefined
  const candidateVariance = areaVariance(input.labels, candidate)
  const baselineVariance = areaVariance(input.baselineLabels, baseline)
  return compareAreas(
    {
      auc: candidate.auc,
      baselineAuc: baseline.auc,
      candidateVariance,
      baselineVariance,
      covariance: 0,
      variance: candidateVariance + baselineVariance,
    },
    input.level,
  )
}

/**
 * Ratio of two areas, candidate over baseline, by Fieller's theorem (1954) with normal quantiles, from the result of
 * `delongPaired`, `delongUnpaired` or `multiClassAucPaired`. Equal rankings -> [1, 1]. A baseline of 0 -> undefined.
 */
export function delongRatio(areas: AreaPair, level: number): RatioEstimate | undefined {
  return fieller({
    candidate: areas.auc,
    baseline: areas.baselineAuc,
    candidateVariance: areas.candidateVariance,
    baselineVariance: areas.baselineVariance,
    covariance: areas.covariance,
    level,
  })
}
