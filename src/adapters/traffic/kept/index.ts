import { UserError } from '../../../errors.js'
import type { KeptRollout, RolloutStore } from '../../../ports/rollout-store.js'
import type { Signals } from '../../../ports/signals.js'
import type { BothRoles, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type {
  Backend,
  Observation,
  RolloutRecord,
  TrafficSetting,
  TrafficState,
  TrafficTarget,
} from '../../../ports/traffic.js'
import { trafficProblems } from '../problems.js'
import { type Count, createCount } from './count.js'
import { createSeenNames, noting, type SeenNames } from './seen-names.js'
import { verifySeen } from './verify-seen.js'

export interface KeptTargetOptions {
  readonly splitter: Splitter
  readonly store: RolloutStore
  /** Undefined: nothing is counted, so no rollout can be judged; switching over and going back work. */
  readonly signals?: Signals | undefined
  /** What answers users before the first rollout; afterwards the store knows. */
  readonly stable: Backend
  /** Whether a version answers by itself, before it gets traffic; undefined where it cannot be asked. */
  readonly isReady?: ((backend: Backend) => Promise<boolean>) | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** How long what users meet may take to follow a write. Milliseconds. */
  readonly settleMs?: number | undefined
}

/** Gateways follow a write within half a second; meshes take some seconds. */
const SETTLE_MS = 5000

/** A target made of what divides the traffic, what keeps the rollout, and what counts. */
export function createKeptTarget(options: KeptTargetOptions): TrafficTarget {
  const { signals, now } = options
  const names = createSeenNames()
  const splitter = noting(options.splitter, names)
  const session: Session = {
    ...options,
    splitter,
    names,
    problems: trafficProblems(splitter.kind),
    count: createCount({ signals, names, now }),
    revision: undefined,
    promoted: undefined,
    owner: undefined,
  }
  return {
    kind: splitter.kind,
    capabilities: {
      mirror: splitter.capabilities.mirror,
      exactSplit: ['turn', 'chance'].includes(splitter.capabilities.split),
      scrapedCounts: signals?.scraped === true,
      compare: false,
      samples: signals !== undefined,
    },
    prepare: (rollout, canary) => prepare(session, rollout, canary),
    set: (traffic) => set(session, traffic),
    observe: (cursor) => observe(session, cursor),
    record: (rollout) => record(session, rollout),
    promote: () => promote(session),
    rollback: ({ to }) => (to === 'stable' ? toStable(session) : toPrevious(session)),
  }
}

interface Session extends KeptTargetOptions {
  readonly problems: ReturnType<typeof trafficProblems>
  readonly count: Count
  readonly names: SeenNames
  /** The revision after our last own write: another one is somebody else's. */
  revision: string | undefined
  promoted: string | undefined
  /** Who drives the rollout by our own last record of it: somebody else has taken over where another name stands there. */
  owner: string | undefined
}

async function keptOf({ store, stable, names }: Session): Promise<KeptRollout> {
  const kept = (await store.read()) ?? { stable }
  names.recall(rolesOf(kept), kept.seenAs)
  return kept
}

function rolesOf({ stable, canary }: KeptRollout): Roles {
  return { stable, canary }
}

function toState(kept: KeptRollout, split: Split): TrafficState {
  return {
    stable: kept.stable,
    canary: kept.canary,
    previous: kept.previous,
    weight: kept.canary === undefined ? 0 : split.weight,
    mirror: kept.canary === undefined ? 0 : split.mirror,
    rollout: kept.rollout,
    ejected: split.ejected,
    url: split.url ?? '',
  }
}

async function prepare(
  session: Session,
  rollout: RolloutRecord,
  canary: Backend,
): Promise<TrafficState> {
  const { splitter, store, problems } = session
  const kept = await keptOf(session)
  const other = kept.rollout
  if (other !== undefined && other.id !== rollout.id) throw problems.busy(other)
  if (canary.version === kept.stable.version) throw problems.sameVersion(canary.version)
  if ((await session.isReady?.(canary)) === false)
    throw problems.notReady(canary, 'its health check')
  const { revision } = await splitter.read(rolesOf(kept))
  // The record first: whoever comes after a crash must find who was about to change the traffic.
  const next = { ...kept, canary, rollout }
  await store.write(next)
  const split = await splitter
    .admit({ stable: kept.stable, canary }, { revision })
    .catch(async (error: unknown) => {
      // What the system refuses has changed nothing: no rollout is under way that the next run would have to end.
      if (error instanceof UserError && other === undefined) await store.write(kept)
      throw error
    })
  session.revision = split.revision
  await session.count.restart({ stable: kept.stable, canary })
  return toState(next, split)
}

async function set(session: Session, traffic: TrafficSetting): Promise<TrafficState> {
  const { splitter } = session
  if (traffic.mirror > 0 && !splitter.capabilities.mirror) throw noMirror(splitter.kind)
  const kept = await keptOf(session)
  const roles = bothRoles(session, kept)
  const revision = session.revision ?? (await splitter.read(roles)).revision
  const split = await splitter.share(roles, traffic, { revision })
  session.revision = split.revision
  // What users meet follows the write a little later: requests of the old weights are not counted for the new ones.
  await session.sleep(session.settleMs ?? SETTLE_MS)
  await session.count.restart(roles)
  return toState(kept, split)
}

function bothRoles({ problems }: Session, { stable, canary }: KeptRollout): BothRoles {
  if (canary === undefined) throw problems.noCanary()
  return { stable, canary }
}

function noMirror(kind: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-051',
    where: 'deploy.mirror',
    what: `target ${kind} cannot send copies of requests.`,
    fix: 'Leave deploy.mirror out, or use a target that mirrors (docs/targets.md).',
  })
}

async function record(session: Session, rollout: RolloutRecord): Promise<void> {
  const kept = await keptOf(session)
  // One that another run has ended, or that another has taken the place of, must not come back to life.
  const { owner = kept.rollout?.owner } = session
  if (kept.rollout?.id !== rollout.id || kept.rollout.owner !== owner) {
    throw session.problems.changed(toState(kept, await session.splitter.read(rolesOf(kept))))
  }
  const seenAs = session.names.toKeep(rolesOf(kept))
  await session.store.write({ ...kept, rollout, ...(seenAs && { seenAs }) })
  session.owner = rollout.owner
}

async function observe(session: Session, from?: string): Promise<Observation> {
  const kept = await keptOf(session)
  const roles = rolesOf(kept)
  const split = await session.splitter.read(roles)
  if (from !== undefined && kept.canary !== undefined) {
    await session.count.resume({ stable: kept.stable, canary: kept.canary }, from)
  }
  const { reading, samples, cursor, warnings } = await session.count.read(roles, split.weight)
  const reachable = kept.canary === undefined || (await session.isReady?.(kept.canary)) !== false
  return {
    state: toState(kept, split),
    reading: { ...reading, canaryReachable: reachable && split.ejected === undefined },
    samples,
    warnings,
    cursor,
    samplesLost: 0,
  }
}

async function promote(session: Session): Promise<TrafficState> {
  const { splitter, store } = session
  const kept = await keptOf(session)
  if (kept.canary === undefined && kept.stable.version === session.promoted) {
    return toState(kept, await splitter.read(rolesOf(kept)))
  }
  const roles = bothRoles(session, kept)
  const revision = session.revision ?? (await splitter.read(roles)).revision
  const split = await splitter.promote(roles, { revision })
  session.revision = split.revision
  const next: KeptRollout = { stable: roles.canary, previous: roles.stable }
  await verifySeen(session, { wanted: roles.canary, unwanted: roles.stable })
  await store.write(next)
  session.promoted = roles.canary.version
  return toState(next, split)
}

/** Everything to stable: the traffic first, then the record of it; neither asks what others have done. */
async function toStable(session: Session): Promise<TrafficState> {
  const { splitter, store } = session
  const kept = await keptOf(session)
  const split = await splitter.rollback(rolesOf(kept))
  session.revision = split.revision
  if (kept.canary !== undefined) {
    await verifySeen(session, { wanted: kept.stable, unwanted: kept.canary })
  }
  const next: KeptRollout = { stable: kept.stable, previous: kept.previous }
  await store.write(next, { force: true })
  return toState(next, split)
}

async function toPrevious(session: Session): Promise<TrafficState> {
  const { splitter, store, problems } = session
  const { rollout, previous, stable } = await keptOf(session)
  if (rollout !== undefined) throw problems.busy(rollout)
  if (previous === undefined) throw problems.noPrevious()
  if ((await session.isReady?.(previous)) === false)
    throw problems.notReady(previous, 'its health check')
  const split = await splitter.rollback({ stable: previous, canary: stable })
  session.revision = split.revision
  await verifySeen(session, { wanted: previous, unwanted: stable })
  // Nothing is left to go back to: a second rollback must not bring the bad version in again.
  const next: KeptRollout = { stable: previous }
  await store.write(next)
  return toState(next, split)
}
