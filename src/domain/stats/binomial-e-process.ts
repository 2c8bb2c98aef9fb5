import { type ArmCounts, assertCounts } from './interval-counts.js'
import { logMeanExp } from './log-mean-exp.js'
import { startingWealth } from './wealth-state.js'

/** `above`: H0 says the rate is at most `rate`. `below`: H0 says that it is at least `rate`. */
export interface BinomialHypothesis {
  readonly rate: number
  readonly direction: 'above' | 'below'
}

export interface BinomialEProcessOptions extends BinomialHypothesis {
  /** Log-wealth of each alternative as `state` gave it, to go on after an interruption. */
  readonly state?: readonly number[] | undefined
}

export interface BinomialEProcess {
  update(counts: ArmCounts): number
  logEValue(): number
  /** Plain numbers: can be written as JSON and handed back as `state`. */
  readonly state: readonly number[]
}

const ALTERNATIVES = 25

/**
 * Mixture of likelihood ratios for one rate against a bound: betting on Bernoulli observations with 25 fixed
 * stakes (Waudby-Smith and Ramdas 2024, arXiv:2010.09686). Valid at every look, also when the rate wanders, as long
 * as it keeps to its side of the bound. Without data the e-value is 1.
 */
export function createBinomialEProcess(options: BinomialEProcessOptions): BinomialEProcess {
  const { rate } = options
  if (!(rate > 0 && rate < 1)) throw new RangeError(`rate must lie inside (0, 1): ${rate}`)
  const alternatives = oddsAlternatives(options)
  const logWealth = startingWealth(options.state, ALTERNATIVES)
  const logEValue = () => logMeanExp(logWealth)
  return {
    update(counts) {
      assertCounts(counts)
      for (const [k, p] of alternatives.entries()) {
        const gain =
          counts.events * Math.log(p / rate) +
          (counts.n - counts.events) * Math.log((1 - p) / (1 - rate))
        logWealth[k] = (logWealth[k] ?? 0) + gain
      }
      return Math.exp(logEValue())
    },
    logEValue,
    get state() {
      return [...logWealth]
    },
  }
}

/** Rates whose odds are 1.1 to 30 times (or 1/1.1 to 1/30 of) the odds of the bound. */
function oddsAlternatives({ rate, direction }: BinomialHypothesis): number[] {
  const odds = rate / (1 - rate)
  return Array.from({ length: ALTERNATIVES }, (_, k) => {
    const factor = 1.1 * (30 / 1.1) ** (k / (ALTERNATIVES - 1))
    const alternative = direction === 'above' ? odds * factor : odds / factor
    return alternative / (1 + alternative)
  })
}

export interface RateInterval {
  readonly estimate: number | undefined
  readonly low: number
  readonly high: number
}

const RATES = Array.from({ length: 401 }, (_, k) => 1 / (1 + Math.exp(10 - k / 20)))

/**
 * Confidence sequence for one constant rate: what a mixture over a logit-uniform grid does not reject at level
 * alpha, at every look (Robbins 1970). Ends of the grid are returned as 0 and 1; no data -> [0, 1], no estimate.
 */
export function rateInterval(counts: ArmCounts, alpha: number): RateInterval {
  assertCounts(counts)
  if (counts.n === 0) return { estimate: undefined, low: 0, high: 1 }
  const { n, events } = counts
  const logLikelihood = RATES.map((p) => events * Math.log(p) + (n - events) * Math.log1p(-p))
  const cut = logMeanExp(logLikelihood) - Math.log(1 / alpha)
  const kept = RATES.filter((_, k) => (logLikelihood[k] ?? 0) > cut)
  const low = kept[0]
  const high = kept.at(-1)
  return {
    estimate: events / n,
    low: low === undefined || low === RATES[0] ? 0 : low,
    high: high === undefined || high === RATES.at(-1) ? 1 : high,
  }
}
