import { logHalfNormalMixture } from './half-normal-mixture.js'
import { assertCounts, type IntervalCounts } from './interval-counts.js'
import type { RateHypothesis } from './rate-e-process.js'

/** Plain numbers: can be written as JSON and handed back as `state`. */
export interface IntervalEvidenceState {
  readonly sum: number
  readonly squares: number
  /** Scale of the mixture; 0 until the first interval with events fixes it. */
  readonly rho: number
  /** Intervals with requests in both arms. */
  readonly intervals: number
}

export interface IntervalEvidence {
  update(interval: IntervalCounts): void
  /** 0 before `LEAST_INTERVALS` intervals. */
  logEValue(): number
  readonly state: IntervalEvidenceState
}

/** Below this many intervals, how much they vary is not known. */
const LEAST_INTERVALS = 8
/** At how many times the first interval's information the test is sharpest. */
const SHARPEST_AT = 10
/** rho = variance / this is optimal at alpha = .05 (Howard et al. 2021). */
const RHO_DIVISOR = 7.94

const NOTHING: IntervalEvidenceState = { sum: 0, squares: 0, rho: 0, intervals: 0 }

/**
 * Evidence from intervals as wholes, where requests of an interval do not fail by themselves (noise that each arm has for
 * itself): d_t = n_c n_s / (n_c + ratio n_s) x (rate_c - ratio rate_s) of each interval, and the half-normal mixture over lambda of
 * exp(lambda sum d - lambda^2/2 sum d^2). That is a supermartingale whenever d_t is symmetric around 0 or below, whatever
 * its spread (de la Peña 1999, Annals of Probability 27:537): so with arms of one size and one law of noise it holds exactly. With
 * unlike sizes it holds to the third order where d leans to the evidence's side, as it does for `increase` with the smaller
 * canary, and to the second otherwise.
 */
export function createIntervalEvidence(
  options: RateHypothesis & { readonly state?: IntervalEvidenceState | undefined },
): IntervalEvidence {
  const { ratio } = options
  if (!(ratio > 0 && Number.isFinite(ratio)))
    throw new RangeError(`ratio must be positive: ${ratio}`)
  const sign = options.direction === 'increase' ? 1 : -1
  let state = checked(options.state ?? NOTHING)
  return {
    update({ canary, stable }) {
      assertCounts(canary)
      assertCounts(stable)
      if (canary.n === 0 || stable.n === 0) return
      const weight = 1 / (1 / canary.n + ratio / stable.n)
      const d = weight * (canary.events / canary.n - (ratio * stable.events) / stable.n)
      // The scale comes from the events of both arms together: it does not know which arm is worse.
      const events = canary.events + stable.events
      const scale = (weight * events * SHARPEST_AT) / (canary.n + stable.n) / RHO_DIVISOR
      state = {
        sum: state.sum + sign * d,
        squares: state.squares + d * d,
        rho: state.rho || scale,
        intervals: state.intervals + 1,
      }
    },
    logEValue: () =>
      state.intervals < LEAST_INTERVALS
        ? 0
        : logHalfNormalMixture(state.sum, state.squares, state.rho),
    get state() {
      return state
    },
  }
}

function checked(state: IntervalEvidenceState): IntervalEvidenceState {
  const { sum, squares, rho, intervals } = state
  const finite = [sum, squares, rho, intervals].every(Number.isFinite)
  if (finite && squares >= 0 && rho >= 0 && intervals >= 0) return { sum, squares, rho, intervals }
  throw new RangeError('the state of interval evidence is not one')
}
