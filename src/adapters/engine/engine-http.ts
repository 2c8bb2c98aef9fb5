import { type IncomingHttpHeaders, type IncomingMessage, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { ExternalError } from '../../errors.js'

export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Buffer | undefined
}

export interface EngineAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly bytes: Buffer
}

/** Whom one speaks with. */
export interface EnginePeer {
  /** For messages, such as `ClickHouse at host:8123`. */
  readonly service: string
  /** What mends a sign-in that was refused. */
  readonly signIn: string
  /** What no message may show. */
  readonly secrets: readonly string[]
  readonly firstDelayMs: number
  /** What statuses do not tell: that a repetition helps, or that the answer is the caller's to read; undefined where they do. */
  readonly meaningOf?: ((answer: EngineAnswer) => 'busy' | 'answer' | undefined) | undefined
}

const ATTEMPTS = 4
const MOST_PAUSE_MS = 30_000
/** Queries bring back kilobytes. */
const MOST_BYTES = 256 * 1024 * 1024
const KEEP_ALIVE_MS = 30_000
/** A repetition can help; other statuses are the caller's to read. */
const PASSING = new Set([429, 502, 503, 504])

/**
 * Sends a request that may be repeated, made anew for each of four attempts: lost connections, 429 and 502 to 504 are repeated. Sign-in
 * that is refused and redirects are errors; every other status is an answer. It waits for the first byte as long as the signal lets it
 * (fetch gives up after five minutes, and a query may take longer).
 */
export async function send(
  make: () => EngineRequest | Promise<EngineRequest>,
  peer: EnginePeer,
  signal: AbortSignal,
): Promise<EngineAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return judged(await exchange(await make(), peer, signal), peer)
    } catch (error) {
      const pause = signal.aborted ? undefined : pauseAfter(error, attempt, peer.firstDelayMs)
      if (pause === undefined) throw error
      await sleep(pause, undefined, { signal })
    }
  }
}

class Busy extends ExternalError {
  readonly retryAfterMs: number

  constructor(details: ExternalError['details'], retryAfterMs: number) {
    super(details)
    this.retryAfterMs = retryAfterMs
  }
}

function pauseAfter(error: unknown, attempt: number, firstDelayMs: number): number | undefined {
  if (!(error instanceof ExternalError) || !error.details.retryable) return undefined
  const asked = error instanceof Busy ? error.retryAfterMs : 0
  if (attempt >= ATTEMPTS || asked > MOST_PAUSE_MS) return undefined
  return Math.max(asked, firstDelayMs * 2 ** (attempt - 1))
}

function judged(answer: EngineAnswer, peer: EnginePeer): EngineAnswer {
  const { status, headers, text } = answer
  const { service } = peer
  const meaning = peer.meaningOf?.(answer)
  if (meaning === 'answer') return answer
  if (meaning === 'busy' || PASSING.has(status)) {
    const what = `is busy or away: ${excerpt(text, peer)}`
    const seconds = Number(headers['retry-after'] ?? 0)
    const details = { code: 'MW-DRIFT-755', service, status, what, retryable: true }
    throw new Busy(details, Number.isFinite(seconds) ? seconds * 1000 : 0)
  }
  if (status === 401 || status === 403) throw signInRefused(peer, status, text)
  if (status >= 300 && status < 400) {
    const what =
      'sends to another address: name the one that answers itself (https for http is the usual reason).'
    throw new ExternalError({ code: 'MW-DRIFT-757', service, status, what, retryable: false })
  }
  return answer
}

export function signInRefused(peer: EnginePeer, status: number, text: string): ExternalError {
  return new ExternalError({
    code: 'MW-DRIFT-756',
    service: peer.service,
    status,
    what: `refused the sign-in or the permission: ${excerpt(text, peer)} ${peer.signIn}`,
    retryable: false,
  })
}

function exchange(
  wanted: EngineRequest,
  peer: EnginePeer,
  signal: AbortSignal,
): Promise<EngineAnswer> {
  const { method, url, headers, body } = wanted
  const start = url.protocol === 'https:' ? secure : plain
  return new Promise((resolve, reject) => {
    const sent = start(url, { method, headers: withLength(headers, body), signal }, (response) => {
      read(response, peer).then(resolve, reject)
    })
    sent.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS))
    sent.on('error', (error) => reject(unreachable(peer, error)))
    sent.end(body)
  })
}

function withLength(
  headers: Readonly<Record<string, string>>,
  body: string | Buffer | undefined,
): Record<string, string> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return { 'user-agent': 'modelway', 'accept-encoding': 'gzip', ...headers, ...length }
}

async function read(response: IncomingMessage, peer: EnginePeer): Promise<EngineAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MOST_BYTES) throw tooLarge(peer)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof ExternalError ? error : brokenOff(peer, reasonOf(error), error)
  }
  if (!response.complete) throw brokenOff(peer, 'the connection was lost')
  const { statusCode: status = 0, headers } = response
  const bytes = decoded(Buffer.concat(chunks), headers, peer)
  return { status, headers, bytes, text: bytes.toString('utf8') }
}

function decoded(bytes: Buffer, headers: IncomingHttpHeaders, peer: EnginePeer): Buffer {
  if (headers['content-encoding'] !== 'gzip' || bytes.length === 0) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: 4 * MOST_BYTES })
  } catch (error) {
    throw brokenOff(peer, 'what came cannot be unpacked', error)
  }
}

export function unreachable(peer: EnginePeer, cause: unknown): ExternalError {
  return new ExternalError(
    {
      code: 'MW-DRIFT-754',
      service: peer.service,
      what: `cannot be reached: ${excerpt(reasonOf(cause), peer)}`,
      retryable: true,
    },
    { cause },
  )
}

/** An answer of which only some arrived: it is never used. */
export function brokenOff(peer: EnginePeer, why: string, cause?: unknown): ExternalError {
  return new ExternalError(
    {
      code: 'MW-DRIFT-759',
      service: peer.service,
      what: `the answer broke off half-way: ${excerpt(why, peer)}`,
      retryable: true,
    },
    { cause },
  )
}

function tooLarge(peer: EnginePeer): ExternalError {
  return new ExternalError({
    code: 'MW-DRIFT-758',
    service: peer.service,
    what: `answered with more than ${MOST_BYTES / 1024 / 1024} MiB.`,
    retryable: false,
  })
}

/** The beginning of a text on one line, for a message, without secrets. */
export function excerpt(text: string, { secrets }: Pick<EnginePeer, 'secrets'>): string {
  let safe = text
  for (const secret of secrets) if (secret !== '') safe = safe.replaceAll(secret, '***')
  const line = safe.replaceAll(/\s+/g, ' ').trim().slice(0, 500)
  if (line === '') return 'no reason was given.'
  return /[.!?]$/.test(line) ? line : `${line}.`
}

/** Attempts at several addresses fail in one error without a message. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  if ('message' in error && error.message !== '') return String(error.message)
  return 'code' in error ? String(error.code) : 'unknown'
}
