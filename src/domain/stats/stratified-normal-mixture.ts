import { logHalfNormalMixture } from './half-normal-mixture.js'
import { assertCounts, type IntervalCounts } from './interval-counts.js'

/** One interval of a continuous measurement: sample size, mean and sample variance in each arm. */
export interface MeanInterval {
  readonly canary: { readonly n: number; readonly mean: number; readonly variance: number }
  readonly stable: { readonly n: number; readonly mean: number; readonly variance: number }
}

export interface NormalMixtureState {
  /** Sum over intervals of weight x (difference - null value). */
  readonly sum: number
  /** Its variance, summed over intervals. */
  readonly variance: number
  /** Scale of the mixture; 0 until the first informative interval fixes it. */
  readonly rho: number
  readonly weight: number
}

export interface NormalMixture<Interval> {
  update(interval: Interval): number
  logEValue(): number
  /**
   * Weighted mean difference with its two-sided confidence sequence; no data -> undefined. `dispersion`: how many times as much intervals
   * vary as chance would have it (1: not more).
   */
  interval(alpha: number, dispersion?: number): DifferenceInterval | undefined
  readonly state: NormalMixtureState
}

export interface DifferenceInterval {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/** At how many times the first interval's information the test is sharpest. */
const SHARPEST_AT = 10
/** rho = variance / this is optimal at alpha = .05: 2 log(1/alpha) + log(1 + 2 log(1/alpha)) (Howard et al. 2021). */
const RHO_DIVISOR = 7.94

interface Score {
  readonly weight: number
  readonly difference: number
  readonly variance: number
}

/**
 * One-sided normal mixture over interval-wise differences between the arms, for frequent events (above about 10 %):
 * H0 `increase`: rate(canary) <= ratio x rate(stable); `decrease`: >=. Each interval is its own stratum, weighted by
 * its sizes alone, so a shared trend cancels; variances are those of the score under H0. The e-value is the half-normal
 * mixture 2 sqrt(rho/(V+rho)) exp(S^2/(2(V+rho))) Phi(S/sqrt(V+rho)) (Robbins 1970; Howard et al. 2021,
 * arXiv:1810.08240), valid at every look asymptotically (Waudby-Smith et al. 2024, arXiv:2103.06476). An interval with
 * an empty arm contributes nothing; before any data the e-value is 1.
 */
export function createRateNormalMixture(hypothesis: {
  readonly ratio: number
  readonly direction: 'increase' | 'decrease'
  /** What `state` gave, to go on after an interruption. */
  readonly state?: NormalMixtureState | undefined
}): NormalMixture<IntervalCounts> {
  return createMixture(hypothesis, (interval: IntervalCounts) => {
    assertCounts(interval.canary)
    assertCounts(interval.stable)
    return rateScore(interval, hypothesis.ratio)
  })
}

/**
 * The same for means (log-latency, a score): H0 `increase`: mean(canary) - mean(stable) <= `difference`; `decrease`:
 * >=. Intervals with fewer than two values in an arm contribute nothing.
 */
export function createMeanNormalMixture(hypothesis: {
  readonly difference: number
  readonly direction: 'increase' | 'decrease'
  /** What `state` gave, to go on after an interruption. */
  readonly state?: NormalMixtureState | undefined
}): NormalMixture<MeanInterval> {
  return createMixture(hypothesis, ({ canary, stable }: MeanInterval) => {
    if (canary.n < 2 || stable.n < 2) return undefined
    const variance = canary.variance / canary.n + stable.variance / stable.n
    const weight = (canary.n * stable.n) / (canary.n + stable.n)
    return { weight, difference: canary.mean - stable.mean - hypothesis.difference, variance }
  })
}

/** p_canary - ratio p_stable with its variance at rates that satisfy H0 with equality, so that 0 events do no harm. */
function rateScore({ canary, stable }: IntervalCounts, ratio: number): Score | undefined {
  if (canary.n === 0 || stable.n === 0) return undefined
  const pooled = (canary.events + stable.events + 0.5) / (ratio * canary.n + stable.n + 1)
  const p = Math.min(pooled, 0.999)
  const q = Math.min(ratio * p, 0.999)
  const variance = (q * (1 - q)) / canary.n + (ratio * ratio * p * (1 - p)) / stable.n
  return {
    weight: 1 / (1 / canary.n + ratio / stable.n),
    difference: canary.events / canary.n - (ratio * stable.events) / stable.n,
    variance,
  }
}

interface MixtureOptions {
  readonly direction: 'increase' | 'decrease'
  readonly state?: NormalMixtureState | undefined
}

const NOTHING: NormalMixtureState = { sum: 0, variance: 0, rho: 0, weight: 0 }

function createMixture<Interval>(
  options: MixtureOptions,
  scoreOf: (interval: Interval) => Score | undefined,
): NormalMixture<Interval> {
  const sign = options.direction === 'increase' ? 1 : -1
  let state = checked(options.state ?? NOTHING)
  const logEValue = () => logHalfNormalMixture(sign * state.sum, state.variance, state.rho)
  return {
    update(interval) {
      const score = scoreOf(interval)
      if (score !== undefined && score.variance > 0) state = advance(state, score)
      return Math.exp(logEValue())
    },
    logEValue,
    interval: (alpha, dispersion = 1) => {
      const { variance, rho } = state
      const scaled = { variance: variance * dispersion, rho: rho * dispersion }
      return differenceInterval({ ...state, ...scaled }, alpha)
    },
    get state() {
      return state
    },
  }
}

function checked({ sum, variance, rho, weight }: NormalMixtureState): NormalMixtureState {
  const finite = [sum, variance, rho, weight].every(Number.isFinite)
  if (finite && variance >= 0 && rho >= 0 && weight >= 0) return { sum, variance, rho, weight }
  throw new RangeError('the state of a normal mixture is a finite sum and three numbers from 0 on')
}

function advance(state: NormalMixtureState, score: Score): NormalMixtureState {
  const variance = score.weight * score.weight * score.variance
  return {
    sum: state.sum + score.weight * score.difference,
    variance: state.variance + variance,
    rho: state.rho > 0 ? state.rho : (SHARPEST_AT * variance) / RHO_DIVISOR,
    weight: state.weight + score.weight,
  }
}

function differenceInterval(
  { sum, variance, rho, weight }: NormalMixtureState,
  alpha: number,
): DifferenceInterval | undefined {
  if (weight === 0) return undefined
  const total = variance + rho
  const radius = Math.sqrt(total * (Math.log(total / rho) + 2 * Math.log(1 / alpha))) / weight
  const estimate = sum / weight
  return { estimate, low: estimate - radius, high: estimate + radius }
}
