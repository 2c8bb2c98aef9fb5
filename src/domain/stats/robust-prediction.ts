import type { Interval } from './interval.js'
import { robustScale } from './robust-scale.js'
import { studentTQuantile } from './special/student-t.js'

/** Fewer earlier counts do not say how much they vary. */
export const FEWEST_COUNTS = 5

/**
 * The median absolute deviation of k normal values is worth about as much as a standard deviation with 0.4 (k - 1)
 * degrees of freedom: quantiles of the ratio of a new value's distance to it, by simulation, for k from 5 to 60.
 */
const EFFICIENCY = 0.4

/**
 * Where the next count lies with probability `level`, from earlier counts alike in kind: median and median absolute
 * deviation, so that one failed window among them does not widen it, and never narrower than a Poisson count's own
 * noise. Fewer than five counts: undefined.
 */
export function robustPredictionInterval(
  counts: readonly number[],
  level: number,
): Interval | undefined {
  const k = counts.length
  const scale = k < FEWEST_COUNTS ? undefined : robustScale(Float64Array.from(counts))
  if (scale === undefined) return undefined
  const deviation = scale.method === 'mad' ? scale.spread : 0
  // A single odd window leaves the median deviation at 0: what is left is the noise of counting.
  const spread = Math.max(deviation, Math.sqrt(Math.max(1, scale.centre)))
  const t = studentTQuantile((1 + level) / 2, EFFICIENCY * (k - 1))
  // The median of k normal values has the variance pi / (2 k).
  const half = t * spread * Math.sqrt(1 + Math.PI / (2 * k))
  const low = Math.max(0, scale.centre - half)
  return { low, high: scale.centre + half, level, method: 'median and MAD' }
}
