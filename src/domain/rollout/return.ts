import type { Reason } from './reason.js'
import type { RolloutState } from './state.js'

/** All traffic back to stable, for these reasons. */
export function goBack(state: RolloutState, reasons: readonly Reason[]): RolloutState {
  const outcome = state.policy.mode === 'shadow' ? 'shadowed' : 'rolled-back'
  return { ...state, phase: 'rolling-back', outcome, decision: 'fail', reasons }
}
