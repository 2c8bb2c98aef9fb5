import { gather } from './analyse.js'
import { decideLook } from './decide.js'
import type { Look } from './look.js'
import type { Interval } from './observation.js'
import { stagesOf } from './policy.js'
import type { Reason } from './reason.js'
import { goBack } from './return.js'
import type { LookRecord, RolloutState, StepRecord } from './state.js'
import type { Tally } from './tally.js'

/** The state after one more interval: on, forward, or back. */
export function observed(state: RolloutState, interval: Interval): RolloutState {
  const outage = stableOutage(interval)
  if (outage !== undefined) return hold({ ...state, lost: 0, reasons: [outage] }, interval)
  const evidence = gather(state.policy, state.evidence, interval)
  const look = decideLook(state.policy, evidence)
  const seen: RolloutState = {
    ...state,
    evidence,
    lost: 0,
    steps: recordStep(state, evidence.tally, look),
    looks: recordLook(state.looks, interval, look),
    reasons: look.reasons,
  }
  if (look.status === 'rollback') return endedBy(seen, look)
  // Whoever holds a rollout is the one who ends the hold: until then only harm counts.
  if (seen.hold !== null) return waiting(seen, interval)
  switch (look.status) {
    case 'promote':
      return forward(seen, interval, look.next ?? seen.step + 1)
    case 'inconclusive':
      return hold(seen, interval)
    case 'continue':
      return { ...seen, phase: 'observing', heldSince: null }
  }
}

/** Of fewer requests nothing is said. */
const LEAST_REQUESTS = 20

/**
 * A stable version that fails most of its requests is nothing to be compared with, and nothing to send more users to: such an
 * interval is no evidence. A canary that is gone is taken back all the same.
 */
function stableOutage({ stable, canaryReachable }: Interval): Reason | undefined {
  const { requests, errors } = stable
  if (!canaryReachable || requests < LEAST_REQUESTS || 2 * errors < requests) return undefined
  const text = `The stable version failed ${errors} of its ${requests} requests: it is not what the canary is to be compared with.`
  return { code: 'stable-failing', text }
}

function endedBy(state: RolloutState, look: Look): RolloutState {
  const back = goBack(state, look.reasons)
  return look.ending === 'aborted'
    ? { ...back, outcome: 'aborted', decision: 'inconclusive' }
    : back
}

function forward(state: RolloutState, interval: Interval, next: number): RolloutState {
  if (state.policy.mode === 'shadow') {
    return { ...state, phase: 'rolling-back', outcome: 'shadowed', decision: 'pass' }
  }
  const weight = stagesOf(state.policy)[state.step] ?? 0
  if (state.policy.holdAt?.includes(weight) === true && !state.released.includes(weight)) {
    return waiting({ ...state, hold: { since: interval.endedAt, by: null } }, interval)
  }
  if (next < stagesOf(state.policy).length) {
    return { ...state, phase: 'shifting', step: next, heldSince: null }
  }
  return { ...state, phase: 'promoting', outcome: 'promoted', decision: 'pass' }
}

/** A person is waited for, but not without end. */
function waiting(state: RolloutState, interval: Interval): RolloutState {
  const { hold: held, policy } = state
  if (held === null) return state
  const who = held.by === null ? `the step of ${interval.weight} %` : held.by
  const text = `Held by ${who} since ${held.since}: it goes on when a person says so.`
  const kept: RolloutState = { ...state, reasons: [{ code: 'held', text }, ...state.reasons] }
  return Date.parse(interval.endedAt) - Date.parse(held.since) < policy.maxHoldMs
    ? kept
    : inconclusive(kept)
}

function hold(state: RolloutState, interval: Interval): RolloutState {
  const heldSince = state.heldSince ?? interval.endedAt
  const held = Date.parse(interval.endedAt) - Date.parse(heldSince)
  const next: RolloutState = { ...state, heldSince }
  return held < state.policy.maxHoldMs ? { ...next, phase: 'holding' } : inconclusive(next)
}

function inconclusive(state: RolloutState): RolloutState {
  const ended: Reason = {
    code: 'hold-ended',
    text: 'No decision in the time given, and what is not shown to be good is not promoted.',
  }
  return { ...goBack(state, [ended, ...state.reasons]), decision: 'inconclusive' }
}

function recordStep(
  { steps, evidence }: RolloutState,
  tally: Tally | null,
  { analysis }: Look,
): readonly StepRecord[] {
  if (tally === null) return steps
  const { stage, weight, startedAt, endedAt, requests } = tally
  // Stages may be skipped: a step's place in the list is not its number.
  const before = evidence.tally?.stage === stage ? steps.slice(0, -1) : steps
  return [...before, { weight, startedAt, endedAt, requests, analysis }]
}

/** As many numbers as a picture shows. */
const MOST_VALUES = 2000
const LEAST_LOOKS = 20

function recordLook(
  looks: readonly LookRecord[],
  interval: Interval,
  { analysis }: Look,
): readonly LookRecord[] {
  const evidence = analysis.map(({ metric, slice, eValue, threshold }) => ({
    metric,
    slice,
    eValue,
    threshold,
  }))
  const next = [...looks, { at: interval.endedAt, weight: interval.weight, evidence }]
  const most = Math.max(LEAST_LOOKS, Math.floor(MOST_VALUES / Math.max(1, evidence.length)))
  if (next.length <= most) return next
  // Every second one goes, from the last backwards: that one is what was decided on.
  return next.filter((_, i) => (next.length - 1 - i) % 2 === 0)
}
