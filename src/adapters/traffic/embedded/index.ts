import type { Sample } from '../../../domain/rollout/quality.js'
import type {
  Backend,
  Observation,
  RolloutRecord,
  TrafficSetting,
  TrafficState,
  TrafficTarget,
} from '../../../ports/traffic.js'
import { trafficProblems } from '../problems.js'
import type { RouterClient, WriteRoute } from './client.js'
import { isReady } from './health.js'
import { findRouter, launchRouter } from './launch.js'
import type { Prediction, StateAnswerType, Traffic } from './protocol.js'
import { verifyTraffic } from './verify.js'

/** Options of the router's process that may be set; see RouterConfigSchema for their meaning. */
export interface RouterSettings {
  readonly healthIntervalMs?: number | undefined
  readonly ejectAfter?: number | undefined
  readonly requestTimeoutMs?: number | undefined
  readonly mirrorTimeoutMs?: number | undefined
  readonly mirrorConcurrency?: number | undefined
  readonly stickyHeader?: string | undefined
  readonly seed?: number | undefined
  readonly tolerance?: number | undefined
  readonly maxLogBytes?: number | undefined
  readonly drainMs?: number | undefined
  /** Of the rollout, not of the process. */
  readonly slowMs?: number | undefined
}

export interface EmbeddedOptions {
  /** The built router (dist/router/index.js). */
  readonly routerPath: string
  readonly stateDir: string
  readonly listen: { readonly host: string; readonly port: number }
  /** What answers users when the router starts for the first time; afterwards the router's own state counts. */
  readonly stable: Backend
  /** Empty: versions have no health check. */
  readonly healthPath?: string | undefined
  /** Which output is the prediction; undefined: `prediction`, else the first. */
  readonly output?: string | undefined
  readonly settings?: RouterSettings | undefined
}

export interface EmbeddedTarget extends TrafficTarget {
  /** Lets the router finish what is under way and stop. Its state stays for the next start. */
  shutdown(): Promise<void>
}

const problems = trafficProblems('embedded router')

const DEFAULT_HEALTH_PATH = '/v2/health/ready'

/** The router that needs no server: a process on this machine. It is found by its state file, or started. */
export function createEmbeddedTarget(options: EmbeddedOptions): EmbeddedTarget {
  const session = createSession(options)
  const healthPath = options.healthPath ?? DEFAULT_HEALTH_PATH
  return {
    kind: 'embedded',
    capabilities: { mirror: true, compare: true, samples: true },
    prepare: (rollout, canary) => prepare(session, { rollout, canary, healthPath }),
    set: (traffic) => setTraffic(session, traffic),
    observe: (cursor) => observe(session, cursor, options.output),
    record: (rollout) => record(session, rollout),
    promote: () => promote(session, healthPath),
    rollback: ({ to }) =>
      to === 'stable' ? rollback(session, healthPath) : restore(session, healthPath),
    shutdown: async () => (await findRouter(options.stateDir))?.shutdown(),
  }
}

interface Session {
  client(): Promise<RouterClient>
  /** The revision after our last own write: a newer one is somebody else's. */
  revision: number | undefined
  promoted: string | undefined
  readonly slowMs: number | undefined
}

function createSession({ routerPath, stateDir, ...options }: EmbeddedOptions): Session {
  const { slowMs, ...settings } = options.settings ?? {}
  const config = {
    ...settings,
    output: options.output,
    listen: options.listen,
    stable: options.stable,
    healthPath: options.healthPath ?? DEFAULT_HEALTH_PATH,
  }
  return {
    client: async () =>
      (await findRouter(stateDir)) ?? launchRouter({ routerPath, stateDir, config }),
    revision: undefined,
    promoted: undefined,
    slowMs,
  }
}

interface Preparation {
  readonly rollout: RolloutRecord
  readonly canary: Backend
  readonly healthPath: string
}

async function prepare(
  session: Session,
  { rollout, canary, healthPath }: Preparation,
): Promise<TrafficState> {
  const client = await session.client()
  const { traffic } = await client.state()
  const other = traffic.rollout
  if (other !== null && other.id !== rollout.id) throw problems.busy(other)
  if (canary.version === traffic.stable.version) throw problems.sameVersion(canary.version)
  if (!(await isReady(canary, healthPath))) throw problems.notReady(canary, healthPath)
  session.revision = traffic.revision
  return write(session, '/backends', { canary, rollout, weight: 0, mirror: 0 })
}

async function setTraffic(session: Session, traffic: TrafficSetting): Promise<TrafficState> {
  const { weight: canary, mirror } = traffic
  const { slowMs } = mirror > 0 ? session : {}
  return write(session, '/weights', { canary, mirror, ...(slowMs && { slowMs }) })
}

async function record(session: Session, rollout: RolloutRecord): Promise<void> {
  await write(session, '/rollout', { rollout })
}

async function promote(session: Session, healthPath: string): Promise<TrafficState> {
  const answer = await (await session.client()).state()
  const { stable, canary } = answer.traffic
  if (canary === null) {
    if (stable.version === session.promoted) return toState(answer.traffic, answer.url)
    throw problems.noCanary()
  }
  const state = await write(session, '/backends', {
    stable: canary,
    canary: null,
    previous: stable,
    weight: 0,
    mirror: 0,
    rollout: null,
  })
  session.promoted = canary.version
  await verifyTraffic(state, healthPath)
  return state
}

/** One write that needs no reading before it, whatever else has changed. */
async function rollback(session: Session, healthPath: string): Promise<TrafficState> {
  const body = { force: true, canary: null, weight: 0, mirror: 0, rollout: null }
  const state = await write(session, '/backends', body)
  await verifyTraffic(state, healthPath)
  return state
}

async function restore(session: Session, healthPath: string): Promise<TrafficState> {
  const client = await session.client()
  const { previous, rollout, revision } = (await client.state()).traffic
  if (rollout !== null) throw problems.busy(rollout)
  if (previous === null) throw problems.noPrevious()
  if (!(await isReady(previous, healthPath))) throw problems.notReady(previous, healthPath)
  session.revision = revision
  // Nothing is left to go back to: a second rollback must not bring the bad version in again.
  const state = await write(session, '/backends', { stable: previous, previous: null })
  await verifyTraffic(state, healthPath)
  return state
}

async function observe(
  session: Session,
  cursor: string | undefined,
  output: string | undefined,
): Promise<Observation> {
  const client = await session.client()
  const answer = await client.state()
  const read =
    cursor === undefined
      ? { samples: [], next: answer.cursor, lost: 0 }
      : await client.samples(cursor)
  return {
    state: toState(answer.traffic, answer.url),
    reading: answer.reading,
    samples: read.samples.flatMap((sample) => toSample(sample, answer, output)),
    cursor: read.next,
    samplesLost: read.lost,
  }
}

/** Answers of versions that are neither, or without an id, cannot be used. */
function toSample(
  { id, version, mirrored, ms, outputs }: Prediction,
  { traffic }: StateAnswerType,
  output: string | undefined,
): Sample[] {
  if (id === null) return []
  const value = output === undefined ? firstOutput(outputs) : outputs[output]
  const prediction = value === undefined || value === null ? undefined : String(value)
  const sample = { requestId: id, mirrored, prediction, latencyMs: ms }
  if (version === traffic.canary?.version) return [{ ...sample, version: 'canary' }]
  return version === traffic.stable.version ? [{ ...sample, version: 'stable' }] : []
}

function firstOutput(outputs: Prediction['outputs']): Prediction['outputs'][string] | undefined {
  return outputs['prediction'] ?? Object.values(outputs)[0]
}

async function write(session: Session, route: WriteRoute, body: object): Promise<TrafficState> {
  const client = await session.client()
  session.revision ??= (await client.state()).traffic.revision
  const guarded = 'force' in body ? body : { ...body, revision: session.revision }
  const { conflict, traffic } = await client.write(route, guarded)
  const { url } = await client.state()
  if (conflict && !isOurs(traffic, body)) throw problems.changed(traffic)
  session.revision = traffic.revision
  return toState(traffic, url)
}

/**
 * A conflict that is none: what we wanted is so already (our own write, whose answer was lost), or the router
 * took a failing canary out of service, which the next look will see.
 */
function isOurs(traffic: Traffic, body: object): boolean {
  if (traffic.ejected !== null && traffic.rollout !== null) return true
  const wanted = {
    ...body,
    ...('canary' in body && typeof body.canary === 'number'
      ? { weight: body.canary, canary: undefined }
      : {}),
  }
  const now: Readonly<Record<string, unknown>> = traffic
  return Object.entries(wanted).every(
    ([key, value]) => value === undefined || JSON.stringify(now[key]) === JSON.stringify(value),
  )
}

function toState(traffic: Traffic, url: string): TrafficState {
  const { stable, canary, previous, weight, mirror, rollout, ejected } = traffic
  return {
    stable,
    canary: canary ?? undefined,
    previous: previous ?? undefined,
    weight,
    mirror,
    rollout: rollout ?? undefined,
    ejected: ejected ?? undefined,
    url,
  }
}
