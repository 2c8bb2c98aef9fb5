import type { IntervalCounts } from './interval-counts.js'
import { logMeanExp, logSpaced } from './log-mean-exp.js'

export interface RatioInterval {
  /** Mantel-Haenszel ratio over the intervals; undefined without an event in the stable arm. */
  readonly estimate: number | undefined
  readonly low: number
  /** Infinity where the data do not bound the ratio. */
  readonly high: number
}

const GRID = logSpaced(1 / 64, 64, 385)

/**
 * Confidence sequence for rate(canary) / rate(stable): the ratios that a conditional binomial mixture over a
 * log-uniform grid on [1/64, 64] does not reject (Robbins 1970; Howard et al. 2021, arXiv:1810.08240), valid at
 * every look at level 1 - alpha when the ratio is constant. Bounds at an end of the grid are returned as 0 and
 * Infinity; no data -> [0, Infinity] with no estimate.
 */
export function rateRatioInterval(
  intervals: readonly IntervalCounts[],
  alpha: number,
): RatioInterval {
  const logLikelihood = GRID.map((theta) => ratioLogLikelihood(theta, intervals))
  const cut = logMeanExp(logLikelihood) - Math.log(1 / alpha)
  const kept = GRID.filter((_, k) => (logLikelihood[k] ?? 0) > cut)
  const low = kept[0]
  const high = kept.at(-1)
  return {
    estimate: mantelHaenszel(intervals),
    low: low === undefined || low === GRID[0] ? 0 : low,
    high: high === undefined || high === GRID.at(-1) ? Number.POSITIVE_INFINITY : high,
  }
}

function ratioLogLikelihood(theta: number, intervals: readonly IntervalCounts[]): number {
  let sum = 0
  for (const { canary, stable } of intervals) {
    if (canary.n === 0 || stable.n === 0) continue
    const w = canary.n / (canary.n + stable.n)
    const events = canary.events + stable.events
    sum += canary.events * Math.log(theta) - events * Math.log(theta * w + 1 - w)
  }
  return sum
}

function mantelHaenszel(intervals: readonly IntervalCounts[]): number | undefined {
  let above = 0
  let below = 0
  for (const { canary, stable } of intervals) {
    if (canary.n === 0 || stable.n === 0) continue
    const total = canary.n + stable.n
    above += (canary.events * stable.n) / total
    below += (stable.events * canary.n) / total
  }
  return below === 0 ? undefined : above / below
}
