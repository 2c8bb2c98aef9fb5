import { studentTCdf } from './special/student-t.js'
import { type Frame, frameOf, spreadOf } from './spread.js'
import type { MeanEstimate } from './student-interval.js'
import { satterthwaite } from './welch.js'

export interface WelchTestResult {
  /** The difference of the means, first less second, over its standard error. */
  readonly statistic: number
  readonly degreesOfFreedom: number
  /** Two-sided. */
  readonly pValue: number
}

/**
 * Welch's t test of equal means on sorted finite samples, variances not assumed equal (Welch 1947, Biometrika 34:28-35); the
 * same as scipy.stats.ttest_ind(equal_var=False). Both samples constant: statistic 0 and p 1 when equal, infinite and p 0
 * when not. Fewer than two values in a sample: undefined.
 */
export function welchTest(a: Float64Array, b: Float64Array): WelchTestResult | undefined {
  const frame = frameOf(a, b)
  const one = estimate(a, frame)
  const other = estimate(b, frame)
  return one && other && welchOfMeans(one, other)
}

/** In the units of a frame, which the statistic does not depend on. Equal values have standard error exactly 0. */
function estimate(sorted: Float64Array, frame: Frame): MeanEstimate | undefined {
  const n = sorted.length
  if (n < 2) return undefined
  const { mean, squares } = spreadOf(sorted, frame)
  const isConstant = sorted[0] === sorted[n - 1]
  if (isConstant) {
    const value = (sorted[0] ?? 0) * frame.scale - frame.origin * frame.scale
    return { mean: value, standardError: 0, degreesOfFreedom: n - 1 }
  }
  return { mean, standardError: Math.sqrt(squares / (n - 1) / n), degreesOfFreedom: n - 1 }
}

/** The same from both means and their standard errors. */
export function welchOfMeans(one: MeanEstimate, other: MeanEstimate): WelchTestResult {
  const difference = one.mean - other.mean
  const standardError = Math.hypot(one.standardError, other.standardError)
  const degreesOfFreedom = satterthwaite([
    { variance: one.standardError ** 2, df: one.degreesOfFreedom },
    { variance: other.standardError ** 2, df: other.degreesOfFreedom },
  ])
  const statistic = difference === 0 ? 0 : difference / standardError
  const pValue = Math.min(1, 2 * studentTCdf(-Math.abs(statistic), degreesOfFreedom))
  return { statistic, degreesOfFreedom, pValue }
}
