import { NO_EVIDENCE } from './analyse.js'
import { type RolloutPolicy, stagesOf } from './policy.js'
import type { Reason } from './reason.js'
import { goBack } from './return.js'
import { observed } from './seen.js'
import type { Command, Phase, RolloutEvent, RolloutState } from './state.js'

const LOST_IN_A_ROW = 5

/** A rollout that has not touched anything yet. */
export function startRollout(start: {
  readonly id: string
  readonly policy: RolloutPolicy
  readonly at: string
}): RolloutState {
  return {
    version: 2,
    id: start.id,
    policy: start.policy,
    phase: 'preparing',
    step: 0,
    startedAt: start.at,
    steps: [],
    evidence: NO_EVIDENCE,
    looks: [],
    heldSince: null,
    hold: null,
    released: [],
    attendedAt: start.at,
    lost: 0,
    reasons: [],
    outcome: null,
    decision: null,
  }
}

/** The weight of the canary that the state asks for, percent. */
export function weightOf(state: RolloutState): number {
  if (state.outcome === 'promoted') return 100
  if (state.phase === 'preparing' || state.outcome !== null) return 0
  return stagesOf(state.policy)[state.step] ?? 0
}

/** What the state asks to be done; doing it twice must do no harm. */
export function nextCommand(state: RolloutState): Command {
  switch (state.phase) {
    case 'preparing':
      return { kind: 'prepare' }
    case 'shifting':
      return { kind: 'set-traffic', weight: weightOf(state), mirror: state.policy.mirror }
    case 'observing':
    case 'holding':
      return { kind: 'observe' }
    case 'promoting':
      return { kind: 'promote' }
    case 'rolling-back':
      return { kind: 'rollback', reason: state.reasons.map(({ text }) => text).join(' ') }
    case 'finished':
      return {
        kind: 'finish',
        outcome: state.outcome ?? 'aborted',
        decision: state.decision ?? 'inconclusive',
      }
  }
}

const WATCHING: readonly Phase[] = ['observing', 'holding']
/** Traffic is under way, and nothing is decided yet. */
const OPEN: readonly Phase[] = ['shifting', ...WATCHING]
const ANY: readonly Phase[] = ['preparing', ...OPEN, 'promoting', 'rolling-back']

/** In which phases an event means something. */
const BELONGS: Readonly<Record<RolloutEvent['kind'], readonly Phase[]>> = {
  prepared: ['preparing'],
  'traffic-set': ['shifting'],
  observed: WATCHING,
  'interval-lost': WATCHING,
  promoted: ['promoting'],
  'rolled-back': ['rolling-back'],
  cancelled: ANY,
  told: OPEN,
  held: OPEN,
  released: OPEN,
  stopped: OPEN,
  resumed: ANY,
}

/** The state after an event. Events that do not belong to the phase leave it as it is. */
export function reduceRollout(state: RolloutState, event: RolloutEvent): RolloutState {
  if (!BELONGS[event.kind].includes(state.phase)) return state
  const next = afterEvent(state, event)
  const attendedAt = event.kind === 'observed' ? event.interval.endedAt : event.at
  const applied = appliedAfter(state, event)
  return { ...next, attendedAt, ...(applied === undefined ? {} : { applied }) }
}

function appliedAfter({ applied }: RolloutState, event: RolloutEvent): RolloutState['applied'] {
  if (!('comment' in event) || event.comment === undefined) return applied
  return [...(applied ?? []), event.comment]
}

function afterEvent(state: RolloutState, event: RolloutEvent): RolloutState {
  switch (event.kind) {
    case 'prepared':
      return { ...state, phase: 'shifting' }
    case 'traffic-set':
      return { ...state, phase: state.heldSince === null ? 'observing' : 'holding', lost: 0 }
    case 'observed':
      return observed(state, event.interval)
    case 'interval-lost':
      return lostInterval(state)
    case 'promoted':
    case 'rolled-back':
      return { ...state, phase: 'finished' }
    case 'cancelled':
      return cancelled(state)
    case 'resumed':
      return resumed(state, event)
    case 'held':
      return { ...state, hold: state.hold ?? { since: event.at, by: event.by } }
    case 'released':
      return released(state)
    case 'stopped':
      return goBack(state, [event.reason])
    case 'told':
      return told(state, event)
  }
}

/** What nobody holds cannot be released: neither a step that comes later, nor one that a person held for another reason. */
function released(state: RolloutState): RolloutState {
  const { hold } = state
  if (hold === null) return state
  // The time that a person took is not the evidence's.
  const open: RolloutState = { ...state, hold: null, heldSince: null }
  return hold.by === null ? { ...open, released: [...state.released, weightOf(state)] } : open
}

function told(
  state: RolloutState,
  { to, by }: Extract<RolloutEvent, { kind: 'told' }>,
): RolloutState {
  if (to === 'rollback') return goBack(state, [{ code: 'told', text: `Rolled back by ${by}.` }])
  const reason: Reason = { code: 'told', text: `Promoted by ${by}, before the evidence was there.` }
  // A shadow gives the canary no user; whoever wants that deploys it.
  if (state.policy.mode === 'shadow') return state
  const promoting = { phase: 'promoting', outcome: 'promoted', decision: 'pass' } as const
  return { ...state, ...promoting, reasons: [reason] }
}

function lostInterval(state: RolloutState): RolloutState {
  const lost = state.lost + 1
  if (lost < LOST_IN_A_ROW) return { ...state, lost }
  const reason: Reason = {
    code: 'no-readings',
    text: `The target could not be read ${lost} times in a row.`,
  }
  return { ...goBack(state, [reason]), outcome: 'aborted', decision: 'inconclusive' }
}

function cancelled(state: RolloutState): RolloutState {
  const reason: Reason = { code: 'cancelled', text: 'The run was cancelled.' }
  if (state.phase !== 'preparing') return stopped(state, reason)
  // Nothing is ours yet: going back could end a rollout of somebody else.
  return {
    ...state,
    phase: 'finished',
    outcome: 'aborted',
    decision: 'inconclusive',
    reasons: [reason],
  }
}

function stopped(state: RolloutState, reason: Reason): RolloutState {
  // Once the canary is promoted or traffic goes back, finishing that is the only safe way.
  if (['promoting', 'rolling-back', 'finished'].includes(state.phase)) return state
  return { ...goBack(state, [reason]), decision: 'inconclusive' }
}

function resumed(
  state: RolloutState,
  event: Extract<RolloutEvent, { kind: 'resumed' }>,
): RolloutState {
  if (event.how === 'rollback') {
    const text = 'The rollout was interrupted, and the policy says to go back.'
    return stopped(state, event.reason ?? { code: 'interrupted', text })
  }
  if (event.untouched === true || !WATCHING.includes(state.phase)) return state
  // Weights may have been changed meanwhile (the router protects users by itself): set them again.
  return { ...state, phase: 'shifting' }
}
