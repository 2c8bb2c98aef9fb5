import { clusteredMean } from './clustered-mean.js'
import { fieller, fiellerFromResiduals, type RatioEstimate } from './fieller.js'
import { linearisedMean, type Sample, samplingDesign, scoreCovariance } from './sampling.js'
import { satterthwaite } from './welch.js'

export interface RatioOfMeans extends RatioEstimate {
  readonly candidateMean: number
  readonly baselineMean: number
  readonly degreesOfFreedom: number
  readonly method: 'fieller'
}

export interface PairedRatioInput {
  readonly candidate: Float64Array
  /** The baseline's values on the same examples. */
  readonly baseline: Float64Array
  readonly weights?: ArrayLike<number> | undefined
  readonly clusters?: ArrayLike<number> | undefined
  readonly level: number
}

/** candidate - ratio baseline; what is nothing but rounding is 0. */
function residuals(candidate: Float64Array, baseline: Float64Array, ratio: number): Float64Array {
  return candidate.map((value, i) => {
    const part = ratio * (baseline[i] ?? 0)
    const rest = value - part
    const isRounding = Math.abs(rest) <= 4 * Number.EPSILON * (Math.abs(value) + Math.abs(part))
    return isRounding ? 0 : rest
  })
}

/**
 * Ratio of two means on the same examples, candidate over baseline, by Fieller's theorem (1954): the set of ratios r for
 * which the t test of mean(candidate - r baseline) = 0 does not reject, weighted and clustered as in `clusteredMean`.
 * `shape` says when the set is unbounded because the baseline's mean may be 0. Equal models -> [1, 1]; a candidate that is a multiple
 * of the baseline -> the point. A baseline mean of
 * 0, lists of different lengths, and whatever leaves `clusteredMean` undefined -> undefined.
 */
export function ratioOfMeans(input: PairedRatioInput): RatioOfMeans | undefined {
  const { candidate, baseline, weights, clusters, level } = input
  if (candidate.length !== baseline.length) return undefined
  const design = samplingDesign({ values: candidate, weights, clusters })
  const one = design && linearisedMean(candidate, design)
  const other = design && linearisedMean(baseline, design)
  if (design === undefined || one === undefined || other === undefined) return undefined
  if (other.mean === 0) return undefined
  const ratio = one.mean / other.mean
  const rest = linearisedMean(residuals(candidate, baseline, ratio), design)
  if (rest === undefined) return undefined
  const { scores } = rest
  const { groups } = design
  const degreesOfFreedom = groups - 1
  const found = fiellerFromResiduals({
    ratio,
    baseline: other.mean,
    residualVariance: scoreCovariance(scores, scores, groups),
    residualCovariance: scoreCovariance(scores, other.scores, groups),
    baselineVariance: scoreCovariance(other.scores, other.scores, groups),
    degreesOfFreedom,
    level,
  })
  return (
    found && {
      ...found,
      candidateMean: one.mean,
      baselineMean: other.mean,
      degreesOfFreedom,
      method: 'fieller',
    }
  )
}

/**
 * The same for two independent samples: no covariance, and Welch-Satterthwaite degrees of freedom at the estimated ratio
 * (Tamhane & Logan 2004, Biom. J. 46:715-726), used for the interval and the test alike.
 */
export function ratioOfMeansUnpaired(input: {
  readonly candidate: Sample
  readonly baseline: Sample
  readonly level: number
}): RatioOfMeans | undefined {
  const { level } = input
  const one = clusteredMean({ ...input.candidate, level })
  const other = clusteredMean({ ...input.baseline, level })
  if (one === undefined || other === undefined || other.mean === 0) return undefined
  const ratio = one.mean / other.mean
  const degreesOfFreedom = satterthwaite([
    { variance: one.standardError ** 2, df: one.degreesOfFreedom },
    { variance: (ratio * other.standardError) ** 2, df: other.degreesOfFreedom },
  ])
  const found = fieller({
    candidate: one.mean,
    baseline: other.mean,
    candidateVariance: one.standardError ** 2,
    baselineVariance: other.standardError ** 2,
    covariance: 0,
    degreesOfFreedom,
    level,
  })
  return (
    found && {
      ...found,
      candidateMean: one.mean,
      baselineMean: other.mean,
      degreesOfFreedom,
      method: 'fieller',
    }
  )
}
