import type { DeploySection } from '../../config/deploy.js'
import { reduceRollout } from '../../domain/rollout/machine.js'
import { asRolloutState, type RolloutState } from '../../domain/rollout/state.js'
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
  if (resume === 'rollback') {
    return {
      kind: 'continue',
      state: reduceRollout(state, { kind: 'resumed', at, how: 'rollback' }),
    }
  }
  if (resume === 'auto' && canary.version !== version) return { kind: 'fresh', undoFirst: true }
  return { kind: 'continue', state: reduceRollout(state, { kind: 'resumed', at, how: 'finish' }) }
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
