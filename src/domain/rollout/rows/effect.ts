import type { IntervalCounts } from '../../stats/interval-counts.js'
import { createRateRatioSequence, type RateRatioState } from '../../stats/rate-ratio-interval.js'
import {
  createRateNormalMixture,
  type NormalMixtureState,
} from '../../stats/stratified-normal-mixture.js'
import { type AnalysisRow, bound, finite } from '../analysis.js'
import type { RateMixture } from '../policy.js'

export type EffectState = RateRatioState | NormalMixtureState

type Shown = Pick<AnalysisRow, 'of' | 'estimate' | 'low' | 'high'>

export interface Effect {
  update(counts: IntervalCounts): void
  /** The estimate with its confidence sequence at level 1 - alpha, wider where intervals vary more than by chance (`dispersion`, 1: they do not). */
  of(alpha: number, dispersion: number): Shown
  readonly state: EffectState
}

/** How large the difference is: a ratio for rare events, a difference for frequent ones. */
export function createEffect(method: RateMixture, state?: EffectState): Effect {
  return method === 'e-process' ? ratioEffect(state) : differenceEffect(state)
}

function ratioEffect(state: EffectState | undefined): Effect {
  if (state !== undefined && !('below' in state)) throw new RangeError('not the state of a ratio')
  const sequence = createRateRatioSequence(state)
  return {
    update: (counts) => sequence.update(counts),
    of(alpha, dispersion) {
      const { estimate, low, high } = sequence.interval(alpha, dispersion)
      return { of: 'ratio', estimate: finite(estimate), low, high: bound(high) }
    },
    get state() {
      return sequence.state
    },
  }
}

function differenceEffect(state: EffectState | undefined): Effect {
  if (state !== undefined && 'below' in state) throw new RangeError('not the state of a difference')
  const mixture = createRateNormalMixture({ ratio: 1, direction: 'increase', state })
  return {
    update: (counts) => void mixture.update(counts),
    of(alpha, dispersion) {
      const found = mixture.interval(alpha, dispersion)
      return {
        of: 'difference',
        estimate: finite(found?.estimate),
        low: bound(found?.low),
        high: bound(found?.high),
      }
    },
    get state() {
      return mixture.state
    },
  }
}
