import { bernoulliCounts, type ConditionalCounts, poissonCounts } from './conditional-counts.js'
import { evidenceBoost } from './evidence-boost.js'
import { assertCounts, type IntervalCounts } from './interval-counts.js'
import { logMeanExp, logSpaced } from './log-mean-exp.js'
import { startingWealth } from './wealth-state.js'

/**
 * What the e-process gathers evidence against.
 * `increase`: H0 says rate(canary) <= ratio x rate(stable); a large value means the canary is worse.
 * `decrease`: H0 says rate(canary) >= ratio x rate(stable); a large value means that it is not that bad.
 */
export interface RateHypothesis {
  readonly ratio: number
  readonly direction: 'increase' | 'decrease'
}

/** How the alternatives are weighed: all alike, or most where rollouts are. */
export type AlternativeWeights = 'even' | 'rollout'

export interface RateEProcessOptions extends RateHypothesis {
  /** Default: `rollout`. */
  readonly weights?: AlternativeWeights | undefined
  /**
   * The e-value at which the caller acts. What would go beyond it is paid out earlier, so that it is reached sooner; the
   * e-value is then cut to it where that was done. Left out: the plain mixture.
   */
  readonly stopAt?: number | undefined
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
 * that both arms share is harmless, and w may be chosen from the past. The e-value is the weighted mean over alternatives
 * theta_k of the product over intervals of likelihood ratios against theta_0 = `ratio`; by Ville's inequality it
 * reaches 1/alpha with probability <= alpha under H0, however often one looks. Exact for Poisson counts, conservative
 * for Bernoulli ones (Hoeffding 1963), so above about 10 % use `stratified-normal-mixture`.
 * Conditional 2x2 e-values: Turner, Ly and Gruenwald 2024 (arXiv:2106.02693); multinomial counts: Lindon and Malek
 * 2022 (arXiv:2011.03567); e-processes: Ramdas et al. 2023 (arXiv:2210.01948).
 *
 * With `stopAt`, each interval's evidence is multiplied by the largest factor that keeps the process a supermartingale when
 * it is cut off there, under the Poisson as under the Bernoulli law (`evidence-boost`).
 *
 * An interval without events, or without requests in an arm, contributes the factor 1. Counts are never pooled over
 * intervals. Before any data the e-value is 1.
 */
export function createRateEProcess(options: RateEProcessOptions): RateEProcess {
  const { ratio } = options
  if (!(ratio > 0 && Number.isFinite(ratio)))
    throw new RangeError(`ratio must be positive: ${ratio}`)
  const mixture = mixtureOf(options)
  const stopAt = canBoost(options) ? options.stopAt : undefined
  const logWealth = startingWealth(options.state, ALTERNATIVES)
  const logEValue = () => weightedLogMean(mixture, logWealth)
  return {
    update(interval) {
      assertCounts(interval.canary)
      assertCounts(interval.stable)
      if (isInformative(interval)) {
        const step = { ratio, interval, gains: logGains(mixture, ratio, interval) }
        const boost = stopAt === undefined ? 0 : logBoost(mixture, logWealth, { ...step, stopAt })
        for (const k of logWealth.keys()) {
          logWealth[k] = (logWealth[k] ?? 0) + boost + gain(step.gains, k, interval.canary.events)
        }
        if (boost > 0 && stopAt !== undefined) cut(logWealth, logEValue() - Math.log(stopAt))
      }
      return Math.exp(logEValue())
    },
    logEValue,
    get state() {
      return [...logWealth]
    },
  }
}

/** Rounding must not leave an e-value just below the one at which to stop. */
const ROUNDING = 1e-9

function cut(logWealth: number[], beyond: number): void {
  if (beyond <= ROUNDING) return
  for (const k of logWealth.keys()) logWealth[k] = (logWealth[k] ?? 0) - beyond + ROUNDING
}

function isInformative({ canary, stable }: IntervalCounts): boolean {
  return canary.events + stable.events > 0 && canary.n > 0 && stable.n > 0
}

/** What a Bernoulli canary at the border is likely to do is known on this side of 1 alone, whatever the rate. */
function canBoost({ ratio, direction, stopAt }: RateEProcessOptions): boolean {
  if (stopAt === undefined) return false
  if (!(stopAt > 1)) throw new RangeError(`stopAt must be above 1: ${stopAt}`)
  return direction === 'increase' ? ratio <= 1 : ratio >= 1
}

interface Mixture {
  readonly thetas: readonly number[]
  readonly logWeights: readonly number[]
}

/** This part of the weight lies evenly over all alternatives, so that none is missed. */
const EVEN = 0.2

/**
 * `rollout`: most of the weight lies at what rollouts are like: a bad canary about doubles its errors (log-normal around 2, standard
 * deviation .35), a good one has as many as stable has (around 1, .2). Chosen by simulation: docs/decisions/0013.
 */
function mixtureOf({ ratio, direction, weights: kind = 'rollout' }: RateEProcessOptions): Mixture {
  const worse = direction === 'increase'
  const thetas = worse
    ? logSpaced(ratio * 1.1, ratio * 8, ALTERNATIVES)
    : logSpaced(0.5 * Math.min(1, ratio), ratio * 0.9, ALTERNATIVES)
  if (kind === 'even') return { thetas, logWeights: thetas.map(() => -Math.log(ALTERNATIVES)) }
  const centre = Math.log(worse ? 2 * ratio : Math.min(1, 0.9 * ratio))
  const spread = worse ? 0.35 : 0.2
  const bells = thetas.map((theta) => Math.exp(-(((Math.log(theta) - centre) / spread) ** 2) / 2))
  const total = bells.reduce((sum, bell) => sum + bell, 0)
  const weights = bells.map((bell) => ((1 - EVEN) * bell) / total + EVEN / ALTERNATIVES)
  return { thetas, logWeights: weights.map(Math.log) }
}

function weightedLogMean({ logWeights }: Mixture, logWealth: readonly number[]): number {
  const weighted = logWealth.map((value, k) => value + (logWeights[k] ?? 0))
  return logMeanExp(weighted) + Math.log(ALTERNATIVES)
}

/** x log(q/q0) + (m - x) log((1-q)/(1-q0)) = slope x + constant, for each alternative. */
interface LogGains {
  readonly slopes: readonly number[]
  readonly constants: readonly number[]
}

function logGains(
  { thetas }: Mixture,
  ratio: number,
  { canary, stable }: IntervalCounts,
): LogGains {
  const w = canary.n / (canary.n + stable.n)
  const events = canary.events + stable.events
  return {
    slopes: thetas.map((theta) => Math.log(theta / ratio)),
    constants: thetas.map((theta) => events * Math.log((ratio * w + 1 - w) / (theta * w + 1 - w))),
  }
}

function gain({ slopes, constants }: LogGains, k: number, x: number): number {
  return (slopes[k] ?? 0) * x + (constants[k] ?? 0)
}

interface Step {
  readonly ratio: number
  readonly interval: IntervalCounts
  readonly gains: LogGains
  readonly stopAt: number
}

/** The smaller of the boosts under either law of the canary's events, as a logarithm. */
function logBoost(mixture: Mixture, logWealth: readonly number[], step: Step): number {
  const now = Math.exp(weightedLogMean(mixture, logWealth))
  if (!(now < step.stopAt)) return 0
  const boostUnder = ({ first, probabilities }: ConditionalCounts) => {
    const eValues = probabilities.map((_, i) => {
      const wealth = logWealth.map((value, k) => value + gain(step.gains, k, first + i))
      return Math.exp(weightedLogMean(mixture, wealth))
    })
    return evidenceBoost({ probabilities, eValues, now, stopAt: step.stopAt })
  }
  const { interval, ratio } = step
  return Math.log(
    Math.min(
      boostUnder(poissonCounts(interval, ratio)),
      boostUnder(bernoulliCounts(interval, ratio)),
    ),
  )
}
