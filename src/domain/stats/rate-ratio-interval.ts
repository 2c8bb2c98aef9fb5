import { assertCounts, type IntervalCounts } from './interval-counts.js'
import { logMeanExp, logSpaced } from './log-mean-exp.js'
import { startingWealth } from './wealth-state.js'

export interface RatioInterval {
  /** Mantel-Haenszel ratio over the intervals; undefined without an event in the stable arm. */
  readonly estimate: number | undefined
  readonly low: number
  /** Infinity where the data do not bound the ratio. */
  readonly high: number
}

/** Plain numbers: can be written as JSON and handed back. */
export interface RateRatioState {
  readonly logLikelihood: readonly number[]
  /** Numerator and denominator of the Mantel-Haenszel ratio. */
  readonly above: number
  readonly below: number
}

export interface RateRatioSequence {
  update(interval: IntervalCounts): void
  /**
   * `dispersion`: how many times as much intervals vary as chance would have it (1: not more); the likelihood is taken to that root
   * (quasi-likelihood, McCullagh and Nelder 1989, chapter 9).
   */
  interval(alpha: number, dispersion?: number): RatioInterval
  readonly state: RateRatioState
}

const GRID = logSpaced(1 / 64, 64, 385)
const LOG_GRID = GRID.map(Math.log)

/**
 * Confidence sequence for rate(canary) / rate(stable): the ratios that a conditional binomial mixture over a
 * log-uniform grid on [1/64, 64] does not reject (Robbins 1970; Howard et al. 2021, arXiv:1810.08240), valid at
 * every look at level 1 - alpha when the ratio is constant. Bounds at an end of the grid are returned as 0 and
 * Infinity; no data -> [0, Infinity] with no estimate. What it keeps does not grow with the intervals.
 */
export function createRateRatioSequence(state?: RateRatioState): RateRatioSequence {
  const logLikelihood = startingWealth(state?.logLikelihood, GRID.length)
  let above = state?.above ?? 0
  let below = state?.below ?? 0
  return {
    update({ canary, stable }) {
      assertCounts(canary)
      assertCounts(stable)
      if (canary.n === 0 || stable.n === 0) return
      const total = canary.n + stable.n
      above += (canary.events * stable.n) / total
      below += (stable.events * canary.n) / total
      addLogLikelihood(logLikelihood, { canary, stable })
    },
    interval: (alpha, dispersion = 1) => ({
      estimate: below === 0 ? undefined : above / below,
      ...notRejected(
        logLikelihood.map((value) => value / dispersion),
        alpha,
      ),
    }),
    get state() {
      return { logLikelihood: [...logLikelihood], above, below }
    },
  }
}

/** `createRateRatioSequence` over intervals that are all at hand. */
export function rateRatioInterval(
  intervals: readonly IntervalCounts[],
  alpha: number,
): RatioInterval {
  const sequence = createRateRatioSequence()
  for (const interval of intervals) sequence.update(interval)
  return sequence.interval(alpha)
}

function addLogLikelihood(logLikelihood: number[], { canary, stable }: IntervalCounts): void {
  const events = canary.events + stable.events
  if (events === 0) return
  const w = canary.n / (canary.n + stable.n)
  for (const [k, theta] of GRID.entries()) {
    const gain = canary.events * (LOG_GRID[k] ?? 0) - events * Math.log(theta * w + 1 - w)
    logLikelihood[k] = (logLikelihood[k] ?? 0) + gain
  }
}

function notRejected(logLikelihood: readonly number[], alpha: number) {
  const cut = logMeanExp(logLikelihood) - Math.log(1 / alpha)
  const kept = GRID.filter((_, k) => (logLikelihood[k] ?? 0) > cut)
  const low = kept[0]
  const high = kept.at(-1)
  return {
    low: low === undefined || low === GRID[0] ? 0 : low,
    high: high === undefined || high === GRID.at(-1) ? Number.POSITIVE_INFINITY : high,
  }
}
