import { studentTCdf } from './special/student-t.js'
import { estimateMean, type MeanEstimate } from './student-interval.js'
import { satterthwaite } from './welch.js'

export interface WelchTestResult {
  /** The difference of the means, first less second, over its standard error. */
  readonly statistic: number
  readonly degreesOfFreedom: number
  /** Two-sided. */
  readonly pValue: number
}

/** Beyond these, squares of the values would overflow or vanish. */
const LARGE = 1e140
const SMALL = 1e-140

/**
 * Welch's t test of equal means on sorted finite samples, variances not assumed equal (Welch 1947, Biometrika 34:28-35); the
 * same as scipy.stats.ttest_ind(equal_var=False). Both samples constant: statistic 0 and p 1 when equal, infinite and p 0
 * when not. Fewer than two values in a sample: undefined.
 */
export function welchTest(a: Float64Array, b: Float64Array): WelchTestResult | undefined {
  const scale = scaleOf(a, b)
  const one = estimateMean(scaled(a, scale))
  const other = estimateMean(scaled(b, scale))
  return one && other && welchOfMeans(one, other)
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

/** A power of two that brings the largest magnitude near 1, where it is far from it. */
function scaleOf(a: Float64Array, b: Float64Array): number {
  const ends = [a[0], a[a.length - 1], b[0], b[b.length - 1]]
  const largest = Math.max(...ends.map((end) => Math.abs(end ?? 0)))
  if (largest === 0 || (largest > SMALL && largest < LARGE)) return 1
  return largest > 1 ? 2 ** -1000 : 2 ** 1000
}

function scaled(values: Float64Array, scale: number): Float64Array {
  return scale === 1 ? values : values.map((value) => value * scale)
}
