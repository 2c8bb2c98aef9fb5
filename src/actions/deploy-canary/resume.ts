import type { DeploySection } from '../../config/deploy.js'
import { reduceRollout } from '../../domain/rollout/machine.js'
import type { Reason } from '../../domain/rollout/reason.js'
import {
  asRolloutState,
  isWatching,
  type RolloutEvent,
  type RolloutState,
} from '../../domain/rollout/state.js'
import { UserError } from '../../errors.js'
import type { Driver, RolloutRecord, TrafficState } from '../../ports/traffic.js'

/** What to do with a rollout that is found under way. */
export type Resumption =
  /** None is there, or it is to be undone first: begin anew. */
  | { readonly kind: 'fresh'; readonly undoFirst: boolean }
  /** Go on with this one until it ends, forwards or back. */
  | { readonly kind: 'continue'; readonly state: RolloutState }

export interface ResumeQuestion {
  readonly found: TrafficState
  readonly resume: DeploySection['resume']
  /** The version that this run is to deploy. */
  readonly version: string
  readonly at: string
  /** Milliseconds that nobody may have driven it for; undefined: any time. */
  readonly maxUnattendedMs?: number | undefined
  /** Who this run is, for the release of a hold. */
  readonly by?: string | undefined
  /** Whether the process that drives the rollout is known to be gone. */
  readonly isGone?: ((driver: Driver) => boolean) | undefined
}

/**
 * Decides about an interrupted rollout: `finish` goes on with it, `rollback` ends it, `auto` goes on when it is for
 * the same version and undoes it otherwise, `off` refuses. A record that cannot be understood is always undone.
 */
export function resumption(question: ResumeQuestion): Resumption {
  const { found, resume, version, at } = question
  const { rollout, canary } = found
  if (rollout === undefined) return { kind: 'fresh', undoFirst: false }
  if (isDriven(rollout, question)) throw driven(rollout)
  if (resume === 'off') throw unfinished(rollout)
  const state = asRolloutState(rollout.state)
  if (state === undefined || canary === undefined) return { kind: 'fresh', undoFirst: true }
  if (resume === 'rollback') return continued(state, { kind: 'resumed', at, how: 'rollback' })
  if (resume === 'auto' && canary.version !== version) return { kind: 'fresh', undoFirst: true }
  // Killed before anything was seen: its server may be gone, and then it could neither begin nor end.
  if (state.phase === 'preparing') return { kind: 'fresh', undoFirst: true }
  const reason = unattended(state, question) ?? changedByHand(state, found)
  if (reason !== undefined) {
    return continued(state, { kind: 'resumed', at, how: 'rollback', reason })
  }
  const by = question.by ?? 'a later run'
  const open =
    resume === 'release' && state.hold !== null
      ? reduceRollout(state, { kind: 'released', at, by })
      : state
  return continued(open, {
    kind: 'resumed',
    at,
    how: 'finish',
    untouched: isUntouched(open, found),
  })
}

function continued(state: RolloutState, event: RolloutEvent): Resumption {
  return { kind: 'continue', state: reduceRollout(state, event) }
}

/** Whether the weights are as the last run left them: then what users met since is known, too. */
function isUntouched({ seen }: RolloutState, { weight, ejected }: TrafficState): boolean {
  return seen?.weight === weight && ejected === undefined
}

/** Whoever changes the weight while nobody drives ends the rollout, as while somebody does: it is not set against their will. */
function changedByHand(state: RolloutState, { weight, ejected }: TrafficState): Reason | undefined {
  const { seen } = state
  if (!isWatching(state) || seen === undefined || seen === null) return undefined
  if (seen.weight === weight || ejected !== undefined) return undefined
  const text = `Somebody else has changed the weight of the canary from ${seen.weight} to ${weight} since the last run.`
  return { code: 'weight-changed', text }
}

function unattended(
  { attendedAt }: RolloutState,
  { at, maxUnattendedMs }: ResumeQuestion,
): Reason | undefined {
  const alone = Date.parse(at) - Date.parse(attendedAt)
  if (maxUnattendedMs === undefined || alone <= maxUnattendedMs) return undefined
  const text = `Nobody has driven the rollout since ${attendedAt}, which is longer than max-unattended.`
  return { code: 'unattended', text }
}

/** A process that said it would be here until later, and is not known to be gone. */
function isDriven({ driver }: RolloutRecord, { at, isGone }: ResumeQuestion): boolean {
  if (driver === undefined || Date.parse(driver.until) <= Date.parse(at)) return false
  return isGone?.(driver) !== true
}

function driven(rollout: RolloutRecord): UserError {
  return new UserError({
    code: 'MW-DEPLOY-039',
    where: 'deploy',
    what: `rollout ${rollout.id} of ${rollout.owner} is under way: process ${rollout.driver?.pid} on ${rollout.driver?.host} drives it.`,
    fix: 'Let it end, or end it with mode: rollback.',
  })
}

function unfinished(rollout: { readonly id: string; readonly owner: string }): UserError {
  return new UserError({
    code: 'MW-DEPLOY-022',
    where: 'deploy.resume',
    what: `rollout ${rollout.id} of ${rollout.owner} is unfinished, and resume is off`,
    fix: 'Set resume to finish or rollback, or end it with mode: rollback.',
  })
}

/** The unfinished rollout is of another version than the registered model's. */
export function otherRollout(found: string, wanted: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-037',
    where: 'deploy.resume',
    what: `the unfinished rollout is of ${JSON.stringify(found)}, not of ${JSON.stringify(wanted)}.`,
    fix: 'Set deploy.resume: auto to take it back first, or finish it with its own model.',
  })
}
