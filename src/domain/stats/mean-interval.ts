import type { Interval } from './interval.js'
import { estimateMean, studentHalfWidth } from './student-interval.js'

/**
 * Student's two-sided interval for the mean of independent values (Student 1908). Equal values -> the point. Fewer
 * than two values, or one that is not finite -> undefined.
 */
export function meanInterval(
  values: Float64Array,
  level: number,
): (Interval & { readonly mean: number; readonly standardError: number }) | undefined {
  const estimate = estimateMean(values)
  if (estimate === undefined) return undefined
  const { mean, standardError } = estimate
  const half = studentHalfWidth(estimate, level)
  return { mean, standardError, low: mean - half, high: mean + half, level, method: 't' }
}
