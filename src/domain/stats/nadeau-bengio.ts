import { studentTCdf } from './special/student-t.js'
import { estimateMean, studentHalfWidth } from './student-interval.js'

export interface ResampledT {
  readonly mean: number
  /** Of the mean, corrected for test sets that share their training examples. */
  readonly standardError: number
  readonly low: number
  readonly high: number
  /** mean / standardError; infinite where a difference has no variance at all. */
  readonly statistic: number
  /** Two-sided. */
  readonly pValue: number
  readonly degreesOfFreedom: number
}

/**
 * The corrected resampled t test of differences between two learners, one a train/test split or fold (Nadeau & Bengio 2003,
 * Machine Learning 52:239-281): variance (1/J + test/train) s^2 with J - 1 degrees of freedom, because the splits share
 * their examples. `testShare` is the share of the examples that a split tests on, in (0, 1): 0.1 for ten folds. All
 * differences equal -> the interval is the point, p is 1 for no difference and 0 for any other. Fewer than two differences,
 * one that is not finite, or another share -> undefined.
 */
export function nadeauBengio(input: {
  readonly differences: Float64Array
  readonly testShare: number
  readonly level: number
}): ResampledT | undefined {
  const { differences, testShare, level } = input
  const estimate = estimateMean(differences)
  if (estimate === undefined || !(testShare > 0 && testShare < 1)) return undefined
  const { mean, degreesOfFreedom } = estimate
  const splits = differences.length
  const standardError =
    estimate.standardError * Math.sqrt(1 + (splits * testShare) / (1 - testShare))
  const half = studentHalfWidth({ mean, standardError, degreesOfFreedom }, level)
  const statistic = mean === 0 ? 0 : mean / standardError
  return {
    mean,
    standardError,
    low: mean - half,
    high: mean + half,
    statistic,
    pValue: Math.min(1, 2 * studentTCdf(-Math.abs(statistic), degreesOfFreedom)),
    degreesOfFreedom,
  }
}
