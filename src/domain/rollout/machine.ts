import { decideLook, type Look } from './decide.js'
import type { Interval } from './observation.js'
import { comparedSteps, type RolloutPolicy } from './policy.js'
import type { Reason } from './reason.js'
import type { Command, Phase, RolloutEvent, RolloutState, StepRecord } from './state.js'

const LOST_IN_A_ROW = 5

/** A rollout that has not touched anything yet. */
export function startRollout(start: {
  readonly id: string
  readonly policy: RolloutPolicy
  readonly at: string
}): RolloutState {
  return {
    version: 1,
    id: start.id,
    policy: start.policy,
    phase: 'preparing',
    step: 0,
    startedAt: start.at,
    steps: [],
    history: [],
    heldSince: null,
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
  return comparedSteps(state.policy)[state.step] ?? 0
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
const ANY: readonly Phase[] = ['preparing', 'shifting', ...WATCHING, 'promoting', 'rolling-back']

/** In which phases an event means something. */
const BELONGS: Readonly<Record<RolloutEvent['kind'], readonly Phase[]>> = {
  prepared: ['preparing'],
  'traffic-set': ['shifting'],
  observed: WATCHING,
  'interval-lost': WATCHING,
  promoted: ['promoting'],
  'rolled-back': ['rolling-back'],
  cancelled: ANY,
  resumed: ANY,
}

/** The state after an event. Events that do not belong to the phase leave it as it is. */
export function reduceRollout(state: RolloutState, event: RolloutEvent): RolloutState {
  if (!BELONGS[event.kind].includes(state.phase)) return state
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
      return resumed(state, event.how)
  }
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

function resumed(state: RolloutState, how: 'finish' | 'rollback'): RolloutState {
  if (how === 'rollback') {
    const text = 'The rollout was interrupted, and the policy says to go back.'
    return stopped(state, { code: 'interrupted', text })
  }
  // Weights may have been changed meanwhile (the router protects users by itself): set them again.
  return WATCHING.includes(state.phase) ? { ...state, phase: 'shifting' } : state
}

function goBack(state: RolloutState, reasons: readonly Reason[]): RolloutState {
  return { ...state, phase: 'rolling-back', outcome: 'rolled-back', decision: 'fail', reasons }
}

function observed(state: RolloutState, interval: Interval): RolloutState {
  const history = [...state.history, interval]
  const look = decideLook(state.policy, history)
  const seen: RolloutState = {
    ...state,
    history,
    lost: 0,
    steps: recordStep(state.steps, { interval, history, look }),
    reasons: look.reasons,
  }
  switch (look.status) {
    case 'rollback':
      return endedBy(seen, look)
    case 'promote':
      return forward(seen)
    case 'inconclusive':
      return hold(seen, interval)
    case 'continue':
      return seen
  }
}

function endedBy(state: RolloutState, look: Look): RolloutState {
  const back = goBack(state, look.reasons)
  if (look.ending === 'aborted') return { ...back, outcome: 'aborted', decision: 'inconclusive' }
  return state.policy.mode === 'shadow' ? { ...back, outcome: 'shadowed' } : back
}

function forward(state: RolloutState): RolloutState {
  if (state.policy.mode === 'shadow') {
    return { ...state, phase: 'rolling-back', outcome: 'shadowed', decision: 'pass' }
  }
  const next = state.step + 1
  if (next < comparedSteps(state.policy).length) {
    return { ...state, phase: 'shifting', step: next, heldSince: null }
  }
  return { ...state, phase: 'promoting', outcome: 'promoted', decision: 'pass' }
}

function hold(state: RolloutState, interval: Interval): RolloutState {
  const heldSince = state.heldSince ?? interval.endedAt
  const held = Date.parse(interval.endedAt) - Date.parse(heldSince)
  if (held < state.policy.maxHoldMs) return { ...state, phase: 'holding', heldSince }
  const ended: Reason = {
    code: 'hold-ended',
    text: 'No decision in the time given, and what is not shown to be good is not promoted.',
  }
  const back = goBack({ ...state, heldSince }, [ended, ...state.reasons])
  const outcome = state.policy.mode === 'shadow' ? 'shadowed' : 'rolled-back'
  return { ...back, outcome, decision: 'inconclusive' }
}

interface Seen {
  readonly interval: Interval
  readonly history: readonly Interval[]
  readonly look: Look
}

function recordStep(
  steps: readonly StepRecord[],
  { interval, history, look }: Seen,
): readonly StepRecord[] {
  let stable = 0
  let canary = 0
  let startedAt = interval.startedAt
  for (const past of history) {
    if (past.step !== interval.step) continue
    if (past.startedAt < startedAt) startedAt = past.startedAt
    stable += past.stable.requests
    canary += past.canary.requests
  }
  const record: StepRecord = {
    weight: interval.weight,
    startedAt,
    endedAt: interval.endedAt,
    requests: { stable, canary },
    analysis: look.analysis,
  }
  return [...steps.slice(0, interval.step), record]
}
