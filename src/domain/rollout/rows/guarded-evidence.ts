import type { IntervalCounts } from '../../stats/interval-counts.js'
import {
  createIntervalEvidence,
  type IntervalEvidenceState,
} from '../../stats/interval-evidence.js'
import { createRateEProcess, type RateHypothesis } from '../../stats/rate-e-process.js'
import {
  createRateNormalMixture,
  type NormalMixtureState,
} from '../../stats/stratified-normal-mixture.js'
import type { RateMixture } from '../policy.js'

export interface GuardedState {
  /** Of requests: log-wealth of the e-process, or the sums of the normal mixture. */
  readonly requests: readonly number[] | NormalMixtureState
  readonly intervals: IntervalEvidenceState
}

export interface GuardedEvidence {
  update(counts: IntervalCounts): void
  /** Where intervals differ by more than chance, requests do not speak for themselves: the lesser of both kinds counts. */
  logEValue(noisy: boolean): number
  readonly state: GuardedState
}

/** Evidence by requests and by intervals side by side, for harm or for good. */
export function createGuardedEvidence(
  method: RateMixture,
  hypothesis: RateHypothesis,
  state?: GuardedState,
): GuardedEvidence {
  const requests = requestEvidence(method, hypothesis, state?.requests)
  const intervals = createIntervalEvidence({ ...hypothesis, state: state?.intervals })
  return {
    update(counts) {
      requests.update(counts)
      intervals.update(counts)
    },
    logEValue: (noisy) =>
      noisy ? Math.min(requests.logEValue(), intervals.logEValue()) : requests.logEValue(),
    get state() {
      return { requests: requests.state, intervals: intervals.state }
    },
  }
}

function requestEvidence(
  method: RateMixture,
  hypothesis: RateHypothesis,
  state: GuardedState['requests'] | undefined,
) {
  if (method === 'e-process') return createRateEProcess({ ...hypothesis, state: wealth(state) })
  return createRateNormalMixture({ ...hypothesis, state: sums(state) })
}

function wealth(state: GuardedState['requests'] | undefined): readonly number[] | undefined {
  if (state === undefined || Array.isArray(state)) return state as readonly number[] | undefined
  throw new RangeError('the state of an e-process is a list')
}

function sums(state: GuardedState['requests'] | undefined): NormalMixtureState | undefined {
  if (state === undefined || !Array.isArray(state)) return state as NormalMixtureState | undefined
  throw new RangeError('the state of a normal mixture is no list')
}
