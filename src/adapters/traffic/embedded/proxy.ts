import type { Agent, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Answer, parseJson } from './answers.js'
import type { Choice, Role } from './choose.js'
import { type CounterBook, classOf } from './counters.js'
import { answerError, forwardedHeaders, type RequestBody, readBody, relay } from './exchange.js'
import type { MirrorLane } from './mirror.js'
import { isPrediction, PROBE_HEADER, predictionOf, requestId } from './prediction.js'
import type { PredictionLog } from './prediction-log.js'
import type { RouterConfig, Traffic } from './protocol.js'
import { NoAnswer, send } from './upstream.js'

export interface ProxyParts {
  readonly config: RouterConfig
  readonly traffic: { readonly current: Traffic }
  readonly choose: (traffic: Traffic, headers: IncomingMessage['headers']) => Choice
  readonly counters: CounterBook
  readonly mirror: MirrorLane
  readonly log: PredictionLog
  readonly agent: Agent
}

const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** The client of a request: whether it has left, and what is to be ended then. */
interface Client {
  isGone: boolean
  cancel: () => void
}

interface Job {
  readonly parts: ProxyParts
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
  readonly traffic: Traffic
  readonly body: RequestBody
  readonly counted: boolean
  readonly client: Client
  /** Hands the answer that the user got to the comparison with the mirrored one. */
  readonly settle: (answer: Answer | undefined) => void
}

/** The data port: every request goes to one version, and its answer back, unchanged but for one header. */
export function createProxy(parts: ProxyParts): RequestListener {
  return (incoming, response) => {
    void serve(parts, incoming, response).catch(() => response.destroy())
  }
}

async function serve(parts: ProxyParts, incoming: IncomingMessage, response: ServerResponse) {
  const { config, counters, mirror } = parts
  const client: Client = { isGone: false, cancel: () => undefined }
  // A client that leaves needs nothing more; what was under way is not the version's fault.
  const leave = () => {
    client.isGone = true
    client.cancel()
  }
  response.on('close', () => {
    if (!response.writableFinished) leave()
  })
  response.on('error', leave)
  const body = await readBody(incoming, config.maxBufferedBytes)
  // Chosen once the request is whole, so that a change of weights holds for every request that follows it.
  const traffic = parts.traffic.current
  const choice = parts.choose(traffic, incoming.headers)
  const counted = incoming.headers[PROBE_HEADER] === undefined
  if (counted && choice.byWeight) counters.assign(versionOf(traffic, choice.role))
  const settle = counted ? mirror.offer({ traffic, role: choice.role, incoming, body }) : () => {}
  const job = { parts, incoming, response, traffic, body, counted, settle, client }
  await attempt(job, choice.role)
}

function versionOf(traffic: Traffic, role: Role): string {
  return (role === 'canary' ? traffic.canary : null)?.version ?? traffic.stable.version
}

async function attempt(job: Job, role: Role, again = false): Promise<void> {
  const { parts, incoming, traffic } = job
  const backend = (role === 'canary' ? traffic.canary : null) ?? traffic.stable
  const started = performance.now()
  try {
    const upstream = await send({
      agent: parts.agent,
      base: backend.url,
      path: incoming.url ?? '/',
      method: incoming.method ?? 'GET',
      headers: forwardedHeaders(incoming),
      body: job.body,
      timeoutMs: parts.config.requestTimeoutMs,
      onCancel: (cancel) => {
        job.client.cancel = cancel
        if (job.client.isGone) cancel()
      },
    })
    const kept = await relay(upstream, job.response, backend.version)
    answered(job, { version: backend.version, upstream, kept, started })
  } catch (error) {
    if (job.client.isGone) return job.settle(undefined)
    if (!again && mayRepeat(job, error)) return attempt(job, role, true)
    return failed(job, { role, version: backend.version, error, started })
  }
}

/** A kept connection that closed under an idempotent request: once more, on a new connection. */
function mayRepeat(job: Job, error: unknown): boolean {
  if (!(error instanceof NoAnswer) || !Buffer.isBuffer(job.body)) return false
  return error.stale && IDEMPOTENT.has(job.incoming.method ?? '')
}

interface Answered {
  readonly version: string
  readonly upstream: IncomingMessage
  readonly kept: readonly Buffer[]
  readonly started: number
}

function answered(job: Job, { version, upstream, kept, started }: Answered): void {
  const status = upstream.statusCode ?? 502
  const body = parseJson(kept, upstream.headers['content-type'])
  const ms = performance.now() - started
  job.settle({ status, body, ms })
  if (!job.counted) return
  job.parts.counters.finish(version, classOf(status), ms)
  const id = requestId(job.incoming, body, job.body)
  if (!isPrediction(job.incoming)) return
  job.parts.log.add(predictionOf({ id, version, mirrored: false, ms, status, body }))
}

interface Failure {
  readonly role: Role
  readonly version: string
  readonly error: unknown
  readonly started: number
}

async function failed(job: Job, { role, version, error, started }: Failure): Promise<void> {
  const kind = error instanceof NoAnswer ? error.kind : 'refused'
  if (job.counted) job.parts.counters.finish(version, kind, performance.now() - started)
  if (role === 'canary' && mayFallBack(job, error)) return attempt(job, 'stable')
  job.settle(undefined)
  const status = kind === 'timeout' ? 504 : 502
  const what = kind === 'timeout' ? 'did not answer in time' : 'is not reachable'
  answerError(job.response, { status, version, error: `version ${version} ${what}` })
}

/** A canary that does not even take the connection must not cost users an answer; it is counted against it. */
function mayFallBack(job: Job, error: unknown): boolean {
  return error instanceof NoAnswer && error.unsent && Buffer.isBuffer(job.body)
}
