import { assertCounts, type IntervalCounts } from './interval-counts.js'
import { logMeanExp, logSpaced } from './log-mean-exp.js'

/**
 * What the e-process gathers evidence against.
 * `increase`: H0 says rate(canary) <= ratio x rate(stable); a large value means the canary is worse.
 * `decrease`: H0 says rate(canary) >= ratio x rate(stable); a large value means that it is not that bad.
 */
export interface RateHypothesis {
  readonly ratio: number
  readonly direction: 'increase' | 'decrease'
}

export interface RateEProcessOptions extends RateHypothesis {
  /** Log-wealth of each alternative as `state` gave it, to go on after an interruption. */
  readonly state?: readonly number[] | undefined
}

export interface RateEProcess {
  /** Takes the counts of the next interval; returns the e-value so far (may overflow to Infinity). */
  update(interval: IntervalCounts): number
  /** Natural logarithm of the e-value so far: never overflows. */
  logEValue(): number
  /** Plain numbers: can be written as JSON and handed back as `state`. */
  readonly state: readonly number[]
}

const ALTERNATIVES = 25

/**
 * Interval-conditional binomial mixture e-process for the ratio of two rates of rare events.
 *
 * Given the m events of both arms in an interval, the canary's share x is Binomial(m, q(theta)) with
 * q(theta) = theta w / (theta w + 1 - w), w = n_canary / (n_canary + n_stable): the base rate cancels, so any trend
 * that both arms share is harmless, and w may be chosen from the past. The e-value is the mean over alternatives
 * theta_k of the product over intervals of likelihood ratios against theta_0 = `ratio`; by Ville's inequality it
 * reaches 1/alpha with probability <= alpha under H0, however often one looks. Exact for Poisson counts, conservative
 * for Bernoulli ones (Hoeffding 1963), so above about 10 % use `stratified-normal-mixture`.
 * Conditional 2x2 e-values: Turner, Ly and Gruenwald 2024 (arXiv:2106.02693); multinomial counts: Lindon and Malek
 * 2022 (arXiv:2011.03567); e-processes: Ramdas et al. 2023 (arXiv:2210.01948).
 *
 * An interval without events, or without requests in an arm, contributes the factor 1. Counts are never pooled over
 * intervals. Before any data the e-value is 1.
 */
export function createRateEProcess(options: RateEProcessOptions): RateEProcess {
  const { ratio } = options
  if (!(ratio > 0 && Number.isFinite(ratio)))
    throw new RangeError(`ratio must be positive: ${ratio}`)
  const alternatives = alternativesOf(options)
  const logWealth = startingWealth(options.state)
  const logEValue = () => logMeanExp(logWealth)
  return {
    update(interval) {
      const { canary, stable } = interval
      assertCounts(canary)
      assertCounts(stable)
      const events = canary.events + stable.events
      if (events > 0 && canary.n > 0 && stable.n > 0) {
        const w = canary.n / (canary.n + stable.n)
        for (const [k, theta] of alternatives.entries()) {
          logWealth[k] = (logWealth[k] ?? 0) + logLikelihoodRatio({ theta, ratio, w, interval })
        }
      }
      return Math.exp(logEValue())
    },
    logEValue,
    get state() {
      return [...logWealth]
    },
  }
}

function alternativesOf({ ratio, direction }: RateHypothesis): number[] {
  if (direction === 'increase') return logSpaced(ratio * 1.1, ratio * 8, ALTERNATIVES)
  return logSpaced(0.5 * Math.min(1, ratio), ratio * 0.9, ALTERNATIVES)
}

function startingWealth(state: readonly number[] | undefined): number[] {
  if (state === undefined) return new Array<number>(ALTERNATIVES).fill(0)
  if (state.length === ALTERNATIVES && state.every((value) => !Number.isNaN(value)))
    return [...state]
  throw new RangeError(`state of a rate e-process has ${ALTERNATIVES} numbers`)
}

interface Comparison {
  readonly theta: number
  readonly ratio: number
  readonly w: number
  readonly interval: IntervalCounts
}

/** x log(q/q0) + (m - x) log((1-q)/(1-q0)), with the common denominators written once. */
function logLikelihoodRatio({ theta, ratio, w, interval }: Comparison): number {
  const x = interval.canary.events
  const events = x + interval.stable.events
  const normaliser = Math.log((ratio * w + 1 - w) / (theta * w + 1 - w))
  return x * Math.log(theta / ratio) + events * normaliser
}
