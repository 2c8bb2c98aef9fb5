import { nextCommand, reduceRollout } from '../../domain/rollout/machine.js'
import { createQualityJoin, type Label } from '../../domain/rollout/quality.js'
import {
  type Command,
  isWatching,
  type RolloutEvent,
  type RolloutState,
} from '../../domain/rollout/state.js'
import { ExternalError } from '../../errors.js'
import type { Backend, Driver, RolloutRecord, TrafficTarget } from '../../ports/traffic.js'
import { look, seenOf, type Trip } from './look.js'

export interface RolloutDrive {
  readonly target: TrafficTarget
  /** Where the rollout stands: new (`startRollout`), or found in the target and `resumed`. */
  readonly state: RolloutState
  /** Who drives it, for people. */
  readonly owner: string
  /** The forge's record of the deployment. */
  readonly deployment?: string | undefined
  /** This process; whoever finds the rollout leaves it alone as long as it drives. */
  readonly self?: Pick<Driver, 'host' | 'pid'> | undefined
  readonly canary: Backend
  readonly intervalMs: number
  readonly now: () => Date
  /** Waits; ends early, without an error, when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Aborted: the run is cancelled, and traffic goes back. */
  readonly signal: AbortSignal
  /** Labels known by now; undefined when no metric asks for them. */
  readonly readLabels?: (() => Promise<ReadonlyMap<string, Label>>) | undefined
  /** What came from outside since the last call: people's commands, probes. Asked while it waits; never throws. */
  readonly outside?: (() => Promise<readonly RolloutEvent[]>) | undefined
  /** Returns once one interval was seen and nothing is decided: a later run goes on. */
  readonly detach?: boolean | undefined
  /** What people ought to know and no decision hangs on. */
  readonly warn?: ((text: string) => void) | undefined
  /** Called after every event, when the state is safe in the target. */
  readonly onStep?: ((state: RolloutState, event: RolloutEvent) => void) | undefined
}

/** A look takes longer than its interval by this much at most. */
const GRACE_MS = 60_000

/** Tries of the way back before a person must be called. */
const ROLLBACK_TRIES = 5

/**
 * Drives a rollout to its end and returns the last state; detached, to its next look. Whatever goes wrong once the canary is in
 * leads back to stable: an error is thrown only after the rollback was done, or after it failed again and again.
 */
export async function runRollout(drive: RolloutDrive): Promise<RolloutState> {
  const trip: Trip = {
    drive,
    state: drive.state,
    before: isWatching(drive.state) ? (drive.state.seen ?? undefined) : undefined,
    join: createQualityJoin(slicesOf(drive.state)),
    waiting: [],
    looked: false,
  }
  try {
    return await toTheEnd(trip)
  } catch (error) {
    // Before it is prepared nothing is ours: going back could end a rollout of somebody else.
    if (isOver(trip.state) || trip.state.phase === 'preparing') throw error
    if (await isTakenOver(trip)) throw error
    await goBack(trip, `The rollout failed: ${String(error)}`)
    throw error
  }
}

/** Whether another run drives the traffic by now: to go back would end its rollout. */
async function isTakenOver({ drive, state }: Trip): Promise<boolean> {
  const found = await drive.target.observe().catch(() => undefined)
  const rollout = found?.state.rollout
  return rollout !== undefined && (rollout.id !== state.id || rollout.owner !== drive.owner)
}

function slicesOf({ policy }: RolloutState): readonly string[] {
  return policy.metrics.flatMap((metric) => (metric.metric === 'quality' ? metric.slices : []))
}

async function toTheEnd(trip: Trip): Promise<RolloutState> {
  for (;;) {
    const { drive } = trip
    const command = nextCommand(trip.state)
    if (command.kind === 'finish') return trip.state
    const event = await perform(trip, command)
    trip.state = { ...reduceRollout(trip.state, event), seen: trip.before ?? null }
    trip.looked ||= event.kind === 'observed'
    const leaves = drive.detach === true && trip.looked && isWatching(trip.state)
    if (!isOver(trip.state)) await drive.target.record(recordOf(drive, trip.state, leaves))
    drive.onStep?.(trip.state, event)
    if (leaves) return trip.state
  }
}

function isOver(state: RolloutState): boolean {
  return nextCommand(state).kind === 'finish'
}

/** `leaves`: nobody drives it from here on, so that the next run need not wait for this one. */
function recordOf(drive: RolloutDrive, state: RolloutState, leaves = false): RolloutRecord {
  const { owner, self, deployment } = drive
  const record = { id: state.id, owner, state, ...(deployment === undefined ? {} : { deployment }) }
  if (self === undefined || leaves) return record
  const until = new Date(drive.now().getTime() + 2 * drive.intervalMs + GRACE_MS).toISOString()
  return { ...record, driver: { ...self, until } }
}

async function perform(
  trip: Trip,
  command: Exclude<Command, { kind: 'finish' }>,
): Promise<RolloutEvent> {
  const { drive } = trip
  const at = () => drive.now().toISOString()
  switch (command.kind) {
    case 'prepare':
      if (drive.signal.aborted) return { kind: 'cancelled', at: at() }
      await drive.target.prepare(recordOf(drive, trip.state), drive.canary)
      return { kind: 'prepared', at: at() }
    case 'set-traffic':
      if (drive.signal.aborted) return { kind: 'cancelled', at: at() }
      await drive.target.set({ weight: command.weight, mirror: command.mirror })
      trip.before = seenOf(await drive.target.observe(trip.before?.cursor))
      return { kind: 'traffic-set', at: at() }
    case 'observe':
      return look(trip)
    case 'promote':
      await drive.target.promote()
      return { kind: 'promoted', at: at() }
    case 'rollback':
      await goBack(trip, command.reason)
      return { kind: 'rolled-back', at: at() }
  }
}

async function goBack({ drive, state }: Trip, reason: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const undo = state.phase === 'promoting' && (await isPromoted(drive))
      await drive.target.rollback({ reason, to: undo ? 'previous' : 'stable' })
      return
    } catch (cause) {
      if (attempt >= ROLLBACK_TRIES) throw rollbackFailed(drive.target, cause)
      // Not the run's signal: a cancelled run has to come back too.
      await drive.sleep(200 * 2 ** attempt, new AbortController().signal)
    }
  }
}

/** A promotion that failed may have taken effect: then the way back is to the version before it. */
async function isPromoted({ target, canary }: RolloutDrive): Promise<boolean> {
  const { state } = await target.observe()
  return state.stable.version === canary.version
}

function rollbackFailed(target: TrafficTarget, cause: unknown): ExternalError {
  return new ExternalError(
    {
      code: 'MW-DEPLOY-021',
      service: target.kind,
      what: `THE ROLLBACK FAILED ${ROLLBACK_TRIES} times: users may still meet the canary. Set its weight to 0 by hand, then run mode: rollback. Last error: ${String(cause)}`,
      retryable: true,
    },
    { cause },
  )
}
