import { binomialCdf } from '../stats/special/binomial.js'
import type { Check } from './check.js'

/** At most `1 - quantile` of the requests may take longer than `under` milliseconds. */
export interface LatencyBound {
  readonly quantile: number
  readonly under: number
}

export interface LatencyMeasured {
  /** Of the requests that were answered, milliseconds, in any order. */
  readonly milliseconds: readonly number[]
  /** Requests that were not answered, and why, in words. */
  readonly failures: readonly string[]
  readonly concurrency: number
}

/**
 * Whether the quantiles of latency are under their bounds, by an exact binomial test on the share of requests over each (Clopper &
 * Pearson 1934), one-sided, `1 - confidence` shared among the bounds: `pass` where the share is shown to be smaller, `fail` where
 * it is shown to be larger, else `unclear`: then more requests would tell. A request that failed fails the check.
 */
export function judgeLatency(
  measured: LatencyMeasured,
  bounds: readonly LatencyBound[],
  confidence: number,
): Check {
  const { milliseconds, failures, concurrency } = measured
  const n = milliseconds.length + failures.length
  const load = `${n} requests, ${concurrency} at a time`
  const [failure] = failures
  if (failure !== undefined) {
    const text = `${failures.length} of ${load}, failed: ${failure}`
    return { name: 'latency', status: 'fail', text }
  }
  const level = 1 - (1 - confidence) / Math.max(1, bounds.length)
  const verdicts = bounds.map((bound) => judgeBound(milliseconds, bound, level))
  const worst = (['fail', 'unclear'] as const).find((status) =>
    verdicts.some((verdict) => verdict.status === status),
  )
  const text = `${load}: ${verdicts.map((verdict) => verdict.text).join('; ')}.`
  return { name: 'latency', status: worst ?? 'pass', text }
}

function judgeBound(
  milliseconds: readonly number[],
  { quantile, under }: LatencyBound,
  level: number,
): Pick<Check, 'status' | 'text'> {
  const n = milliseconds.length
  const over = milliseconds.filter((one) => one > under).length
  const share = 1 - quantile
  const name = `p${round(quantile * 100)}`
  const seen = `${name} was ${round(quantileOf(milliseconds, quantile))} ms (${over} of ${n} over ${under} ms)`
  const sure = `with ${round(level * 100)}% confidence`
  if (binomialCdf(over, n, share) <= 1 - level) {
    return { status: 'pass', text: `${seen}, under ${under} ms ${sure}` }
  }
  if (1 - binomialCdf(over - 1, n, share) <= 1 - level) {
    return { status: 'fail', text: `${seen}, over ${under} ms ${sure}` }
  }
  const least = leastRequests(quantile, level)
  const few = n < least ? `: fewer than ${least} requests can never tell` : ''
  return { status: 'unclear', text: `${seen}, which shows neither ${sure}${few}` }
}

/** Requests that, all under the bound, show that a quantile is under it: (quantile)^n <= 1 - level. */
export function leastRequests(quantile: number, level: number): number {
  return Math.ceil(Math.log(1 - level) / Math.log(quantile))
}

/** The empirical quantile: the smallest value that at least this share does not exceed. None -> NaN. */
function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? Number.NaN
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
