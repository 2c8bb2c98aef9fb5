import { logLatencyOf } from '../../domain/rollout/log-latency.js'
import { countersBetween, type Interval } from '../../domain/rollout/observation.js'
import type { QualityJoin } from '../../domain/rollout/quality.js'
import type { LastSeen, RolloutEvent, RolloutState } from '../../domain/rollout/state.js'
import { ExternalError, UserError } from '../../errors.js'
import type { Observation, TrafficTarget } from '../../ports/traffic.js'
import type { RolloutDrive } from './rollout-loop.js'

/** A rollout on its way. */
export interface Trip {
  readonly drive: RolloutDrive
  state: RolloutState
  /** The last reading at the present weight: what the next one is compared with. */
  before: LastSeen | undefined
  readonly join: QualityJoin
  /** What came from outside and is not told to the machine yet, oldest first. */
  readonly waiting: RolloutEvent[]
  /** Whether this run has seen an interval. */
  looked: boolean
}

/** So often it is asked what came from outside, while a look is waited for. */
const POLL_MS = 15_000

export function seenOf({ state, reading, cursor }: Observation): LastSeen {
  return { weight: state.weight, reading, cursor }
}

/** Waits for the next look and says what was seen since the last one, or what came from outside meanwhile. */
export async function look(trip: Trip): Promise<RolloutEvent> {
  const { drive } = trip
  const outside = await waitForLook(trip)
  if (outside !== undefined) return outside
  const at = drive.now().toISOString()
  if (drive.signal.aborted) return { kind: 'cancelled', at }
  const after = await tryObserve(trip)
  if (after === undefined) return { kind: 'interval-lost', at }
  for (const warning of after.warnings ?? []) drive.warn?.(warning)
  const { before } = trip
  if (before !== undefined) requireOwnWeight(drive.target, before, after)
  trip.before = seenOf(after)
  const gained = before && countersBetween(before.reading, after.reading)
  if (before === undefined || gained === undefined) return { kind: 'interval-lost', at }
  const labels = await drive.readLabels?.()
  const interval: Interval = {
    ...gained,
    step: trip.state.step,
    // What the target made of the weight that was set: replicas come in whole numbers.
    weight: before.weight,
    startedAt: before.reading.at,
    endedAt: after.reading.at,
    latencyBounds: after.reading.latencyBounds,
    canaryReachable: after.reading.canaryReachable && after.state.ejected === undefined,
    ejected: after.state.ejected,
    quality: labels === undefined ? [] : trip.join.update(after.samples, labels),
    logLatency: logLatencyOf(after.samples),
  }
  return { kind: 'observed', interval }
}

/** The next event from outside, as soon as there is one; undefined once the interval is over. */
async function waitForLook({ drive, waiting }: Trip): Promise<RolloutEvent | undefined> {
  const until = drive.now().getTime() + drive.intervalMs
  for (;;) {
    if (waiting.length === 0) waiting.push(...((await drive.outside?.()) ?? []))
    const event = waiting.shift()
    if (event !== undefined) return event
    const left = until - drive.now().getTime()
    if (left <= 0 || drive.signal.aborted) return undefined
    await drive.sleep(drive.outside === undefined ? left : Math.min(left, POLL_MS), drive.signal)
    if (drive.outside === undefined) return undefined
  }
}

/** Evidence holds only for weights that were chosen here: a hand or a controller that changes them ends the rollout. */
function requireOwnWeight(target: TrafficTarget, before: LastSeen, after: Observation): void {
  const { weight, ejected } = after.state
  if (weight === before.weight || ejected !== undefined) return
  throw new UserError({
    code: 'MW-DEPLOY-041',
    where: target.kind,
    what: `somebody else has changed the weight of the canary from ${before.weight} to ${weight}.`,
    fix: 'All traffic goes back to stable. See who did (a person, a controller, a sync from a repository), and start again.',
  })
}

/** A target that does not answer for a moment is no reason to go back yet; the machine counts. */
async function tryObserve({ drive, before }: Trip): Promise<Observation | undefined> {
  try {
    return await drive.target.observe(before?.cursor)
  } catch (error) {
    if (!(error instanceof ExternalError && error.details.retryable)) throw error
    drive.warn?.(`A look is lost: ${error.message}`)
    return undefined
  }
}
