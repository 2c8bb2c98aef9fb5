import { clusteredMean } from './clustered-mean.js'
import type { Sample } from './sampling.js'
import { studentTCdf } from './special/student-t.js'
import { studentHalfWidth } from './student-interval.js'

export interface WelchResult {
  readonly candidateMean: number
  readonly baselineMean: number
  /** candidateMean - baselineMean. */
  readonly difference: number
  readonly standardError: number
  readonly low: number
  readonly high: number
  /** difference / standardError; infinite where a difference has no variance at all. */
  readonly statistic: number
  /** Two-sided. */
  readonly pValue: number
  readonly degreesOfFreedom: number
}

/**
 * Degrees of freedom of a sum of independent variances (Satterthwaite 1946; Welch 1947). No variance at all -> the sum of
 * the degrees of freedom.
 */
export function satterthwaite(
  parts: readonly { readonly variance: number; readonly df: number }[],
): number {
  let largest = 0
  for (const { variance } of parts) largest = Math.max(largest, variance)
  let sum = 0
  let squares = 0
  let all = 0
  for (const { variance, df } of parts) {
    // Shares of the largest, so that tiny and huge variances can be squared.
    const share = largest === 0 ? 0 : variance / largest
    sum += share
    squares += (share * share) / df
    all += df
  }
  return squares > 0 ? (sum * sum) / squares : all
}

/**
 * Difference of the means of two independent samples with unequal variances (Welch 1947, Biometrika 34:28-35), each sample
 * weighted and clustered as in `clusteredMean`. No variance in either -> the point. Whatever leaves one of the means
 * undefined -> undefined.
 */
export function welchDifference(input: {
  readonly candidate: Sample
  readonly baseline: Sample
  readonly level: number
}): WelchResult | undefined {
  const { level } = input
  const one = clusteredMean({ ...input.candidate, level })
  const other = clusteredMean({ ...input.baseline, level })
  if (one === undefined || other === undefined) return undefined
  const difference = one.mean - other.mean
  const standardError = Math.hypot(one.standardError, other.standardError)
  if (!Number.isFinite(difference) || !Number.isFinite(standardError)) return undefined
  const degreesOfFreedom = satterthwaite([
    { variance: one.standardError ** 2, df: one.degreesOfFreedom },
    { variance: other.standardError ** 2, df: other.degreesOfFreedom },
  ])
  const half = studentHalfWidth({ mean: difference, standardError, degreesOfFreedom }, level)
  const statistic = difference === 0 ? 0 : difference / standardError
  return {
    candidateMean: one.mean,
    baselineMean: other.mean,
    difference,
    standardError,
    low: difference - half,
    high: difference + half,
    statistic,
    pValue: Math.min(1, 2 * studentTCdf(-Math.abs(statistic), degreesOfFreedom)),
    degreesOfFreedom,
  }
}
