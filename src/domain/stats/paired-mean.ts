import { studentTCdf } from './special/student-t.js'
import { estimateMean, studentHalfWidth } from './student-interval.js'

export interface PairedMean {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** mean / standardError; infinite where a difference has no variance at all. */
  readonly statistic: number
  /** Two-sided. */
  readonly pValue: number
  readonly degreesOfFreedom: number
  readonly standardError: number
}

/**
 * Paired t: the mean of per-example differences with its interval and two-sided test (Student 1908). All differences
 * equal -> the interval is the point, p is 1 for no difference and 0 for any other. Fewer than two differences, or
 * one that is not finite -> undefined.
 */
export function pairedMeanDifference(
  differences: Float64Array,
  level: number,
): PairedMean | undefined {
  const estimate = estimateMean(differences)
  if (estimate === undefined) return undefined
  const { mean, standardError, degreesOfFreedom } = estimate
  const half = studentHalfWidth(estimate, level)
  const statistic = mean === 0 ? 0 : mean / standardError
  const pValue = Math.min(1, 2 * studentTCdf(-Math.abs(statistic), degreesOfFreedom))
  return {
    mean,
    low: mean - half,
    high: mean + half,
    statistic,
    pValue,
    degreesOfFreedom,
    standardError,
  }
}
