import { jackknifeAcceleration } from './acceleration.js'
import type { Interval } from './interval.js'
import { normalCdf, normalQuantile } from './special/normal.js'

export interface BcaInput {
  /** The statistic of the data: must be a number, not NaN. */
  readonly estimate: number
  /** The statistic of each resample; NaN where it does not exist there. */
  readonly replicates: Float64Array
  /** Leave-one-out values, one a unit, of an unstratified statistic. */
  readonly jackknife: Float64Array | undefined
  readonly level: number
  /** Instead of `jackknife`, such as from `cellAcceleration`. */
  readonly acceleration?: number | undefined
}

export interface BootstrapInterval extends Interval {
  /** The resamples say nothing: all equal to the estimate, or the statistic missing in most of them. */
  readonly degenerate: boolean
}

/** The quantile by linear interpolation between order statistics (R's type 7). */
function quantile(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? 0
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? 0
  return low === high ? low : low + (high - low) * (position - below)
}

/** Numbers closer than this, relative to the largest replicate, differ by rounding only. */
const ROUNDING = 1e-12

function roundingOf(sorted: Float64Array): number {
  return ROUNDING * Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0))
}

/** The share of replicates below the estimate, ties by half: Efron's median bias. */
function shareBelow(sorted: Float64Array, estimate: number): number {
  const rounding = roundingOf(sorted)
  let twice = 0
  for (const value of sorted) {
    if (value < estimate - rounding) twice += 2
    else if (value <= estimate + rounding) twice += 1
  }
  return twice / (2 * sorted.length)
}

/** The two probabilities of BCa; undefined where the transformation does not exist. */
function correctedTails(share: number, acceleration: number, level: number) {
  const bias = normalQuantile(share)
  if (!Number.isFinite(bias)) return undefined
  const tail = (probability: number): number | undefined => {
    const shifted = bias + normalQuantile(probability)
    const scale = 1 - acceleration * shifted
    return scale > 0 ? normalCdf(bias + shifted / scale) : undefined
  }
  const low = tail((1 - level) / 2)
  const high = tail((1 + level) / 2)
  return low === undefined || high === undefined ? undefined : { low, high }
}

function isDegenerate(sorted: Float64Array, drawn: number): boolean {
  if (sorted.length < 2 || 2 * sorted.length < drawn) return true
  return (sorted.at(-1) ?? 0) - (sorted[0] ?? 0) <= roundingOf(sorted)
}

function accelerationOf(input: BcaInput): number | undefined {
  if (input.acceleration !== undefined) return input.acceleration
  if (input.jackknife === undefined) return undefined
  return jackknifeAcceleration([{ values: input.jackknife }])
}

/**
 * Bootstrap interval, bias-corrected and accelerated (Efron 1987; DiCiccio & Efron 1996), widened to hold the estimate
 * where a bias would leave it out. Percentile where the acceleration is undefined or the correction does not exist
 * (method `percentile`). Infinite and NaN replicates are left out; where that is most of them, or where all
 * are equal, the interval is the point with `degenerate` true: it then measures nothing.
 */
export function bcaInterval(input: BcaInput): BootstrapInterval {
  const { estimate, replicates, level } = input
  const sorted = replicates.filter(Number.isFinite).sort()
  if (isDegenerate(sorted, replicates.length)) {
    return { low: estimate, high: estimate, level, method: 'percentile', degenerate: true }
  }
  const acceleration = accelerationOf(input)
  const tails =
    acceleration === undefined
      ? undefined
      : correctedTails(shareBelow(sorted, estimate), acceleration, level)
  const { low, high } = tails ?? { low: (1 - level) / 2, high: (1 + level) / 2 }
  return {
    low: Math.min(estimate, quantile(sorted, low)),
    high: Math.max(estimate, quantile(sorted, high)),
    level,
    method: tails === undefined ? 'percentile' : 'bca',
    degenerate: false,
  }
}
