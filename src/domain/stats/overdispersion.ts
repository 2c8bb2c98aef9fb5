import { assertCounts, type IntervalCounts } from './interval-counts.js'
import { logSpaced } from './log-mean-exp.js'

/** Plain numbers: can be written as JSON and handed back. */
export interface OverdispersionState {
  /** Pearson's chi-square so far, for each ratio of the grid. */
  readonly chiSquares: readonly number[]
  /** Intervals with events and with requests in both arms. */
  readonly intervals: number
}

export interface Overdispersion {
  update(interval: IntervalCounts): void
  /** chi-square / (intervals - 1) at the ratio that fits best; undefined below two intervals with events. */
  phi(): number | undefined
  readonly state: OverdispersionState
}

const RATIOS = logSpaced(1 / 16, 16, 65)

/**
 * How much more the canary's share of the events varies from interval to interval than requests that fail by themselves
 * would make it (1: not at all): Pearson's chi-square over its degrees of freedom (McCullagh and Nelder 1989, 4.5), given
 * the events of both arms, at the ratio of rates that makes it smallest, so that a canary that is worse throughout does
 * not look like noise. What it keeps does not grow with the intervals. Intervals without events say nothing.
 */
export function createOverdispersion(state?: OverdispersionState): Overdispersion {
  const chiSquares = [...(state?.chiSquares ?? RATIOS.map(() => 0))]
  let intervals = state?.intervals ?? 0
  assertState(chiSquares, intervals)
  return {
    update({ canary, stable }) {
      assertCounts(canary)
      assertCounts(stable)
      const events = canary.events + stable.events
      if (events === 0 || canary.n === 0 || stable.n === 0) return
      intervals += 1
      const odds = canary.n / stable.n
      for (const [k, ratio] of RATIOS.entries()) {
        const q = (ratio * odds) / (1 + ratio * odds)
        const term = (canary.events - events * q) ** 2 / (events * q * (1 - q))
        chiSquares[k] = (chiSquares[k] ?? 0) + term
      }
    },
    phi: () => (intervals < 2 ? undefined : Math.min(...chiSquares) / (intervals - 1)),
    get state() {
      return { chiSquares: [...chiSquares], intervals }
    },
  }
}

function assertState(chiSquares: readonly number[], intervals: number): void {
  const whole = Number.isSafeInteger(intervals) && intervals >= 0
  if (whole && chiSquares.length === RATIOS.length && chiSquares.every((value) => value >= 0))
    return
  throw new RangeError(`the state of an overdispersion has ${RATIOS.length} sums and a count`)
}
