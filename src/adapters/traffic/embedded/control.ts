import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import * as z from 'zod'
import type { RouterMetrics } from './metrics.js'
import type { PredictionLog } from './prediction-log.js'
import {
  BackendsBody,
  MirrorBody,
  RolloutBody,
  type StateAnswerType,
  WeightsBody,
} from './protocol.js'
import type { ChangeResult, TrafficHolder, TrafficPatch } from './traffic.js'

export interface ControlParts {
  readonly token: string
  readonly holder: TrafficHolder
  readonly log: PredictionLog
  readonly metrics: RouterMetrics
  readonly state: () => StateAnswerType
  readonly shutdown: () => void
}

/** Rollout states carry their history, so they may be large; beyond this something is wrong. */
const MOST_CONTROL_BYTES = 32 * 1024 * 1024
const MOST_SAMPLES = 5000

interface Guarded {
  readonly revision?: number | undefined
  readonly force?: true | undefined
}

/** A changing request: how its body is checked, and what it changes. */
interface Write<Body extends Guarded> {
  readonly schema: z.ZodType<Body>
  readonly patch: (body: Body) => TrafficPatch
}

const WRITES: Readonly<Record<string, (parts: ControlParts, body: unknown) => Reply>> = {
  'PUT /weights': write({ schema: WeightsBody, patch: weightsPatch }),
  'PUT /mirror': write({ schema: MirrorBody, patch: ({ share }) => ({ mirror: share }) }),
  'PUT /rollout': write({ schema: RolloutBody, patch: ({ rollout }) => ({ rollout }) }),
  'PUT /backends': write({ schema: BackendsBody, patch: backendsPatch }),
}

interface Reply {
  readonly status: number
  readonly body: unknown
}

/**
 * The control port. All but /metrics needs the bearer token; a change needs the revision that it was thought out on,
 * and is answered 409 with the present state when that is no longer the newest.
 */
export function createControl(parts: ControlParts): RequestListener {
  const expected = digest(`Bearer ${parts.token}`)
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://control')
    const route = `${request.method} ${url.pathname}`
    if (route === 'GET /metrics') {
      void sendMetrics(parts.metrics, response)
      return
    }
    const given = digest(request.headers.authorization ?? '')
    if (!timingSafeEqual(given, expected)) {
      sendJson(response, { status: 401, body: { error: 'the bearer token is wrong' } })
      return
    }
    void answer(parts, { request, url, route })
      .catch((error: unknown) => ({ status: 500, body: { error: String(error) } }))
      .then((reply) => sendJson(response, reply))
  }
}

interface Asked {
  readonly request: IncomingMessage
  readonly url: URL
  readonly route: string
}

async function answer(parts: ControlParts, { request, url, route }: Asked): Promise<Reply> {
  if (route === 'GET /state') return { status: 200, body: parts.state() }
  if (route === 'GET /samples') {
    const cursor = url.searchParams.get('after') ?? parts.log.cursor
    return { status: 200, body: parts.log.since(cursor, MOST_SAMPLES) }
  }
  if (route === 'POST /shutdown') {
    parts.shutdown()
    return { status: 202, body: {} }
  }
  const change = WRITES[route]
  if (change === undefined) return { status: 404, body: { error: `no such route: ${route}` } }
  const body = await readJson(request)
  return body.ok ? change(parts, body.value) : { status: 400, body: { error: body.why } }
}

function write<Body extends Guarded>({ schema, patch }: Write<Body>) {
  return (parts: ControlParts, input: unknown): Reply => {
    const parsed = schema.safeParse(input)
    if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } }
    const { revision, force } = parsed.data
    if (revision === undefined && force === undefined) {
      return { status: 400, body: { error: 'revision (or force) is needed' } }
    }
    return replyTo(parts.holder.change(force ? 'any' : (revision ?? 0), patch(parsed.data)))
  }
}

function replyTo(result: ChangeResult): Reply {
  switch (result.kind) {
    case 'changed':
      return { status: 200, body: { traffic: result.traffic } }
    case 'conflict':
      return { status: 409, body: { error: 'changed meanwhile', traffic: result.traffic } }
    case 'refused':
      return { status: 422, body: { error: result.why } }
  }
}

function weightsPatch({ canary, mirror, slowMs }: z.output<typeof WeightsBody>): TrafficPatch {
  return {
    weight: canary,
    ...(mirror === undefined ? {} : { mirror }),
    ...(slowMs === undefined ? {} : { slowMs }),
  }
}

function backendsPatch(body: z.output<typeof BackendsBody>): TrafficPatch {
  const { revision: _revision, force: _force, ...fields } = body
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given)
}

type Json =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: string }

async function readJson(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MOST_CONTROL_BYTES) return { ok: false, why: 'the body is too large' }
    chunks.push(chunk)
  }
  try {
    return { ok: true, value: JSON.parse(Buffer.concat(chunks).toString('utf8')) }
  } catch {
    return { ok: false, why: 'the body is not JSON' }
  }
}

async function sendMetrics(metrics: RouterMetrics, response: ServerResponse): Promise<void> {
  const text = await metrics.render()
  response.writeHead(200, { 'content-type': metrics.contentType })
  response.end(text)
}

function sendJson(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(body)}\n`)
}

/** Digests of equal length, so that comparing them tells nothing about the token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
