import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledError, ExternalError } from '../../errors.js'
import { excerptOf, type Redaction } from '../../secrets.js'

/** What an answer may hold at most: 11,000 points of one series are under a megabyte. */
const MOST_BYTES = 64 * 1024 * 1024
const ATTEMPTS = 4
/** Longer than this nobody waits for a server that asks to be left alone. */
const MOST_PAUSE_MS = 30_000

export interface HttpContext {
  readonly signal: AbortSignal
  /** How long one attempt may take. */
  readonly timeoutMs: number
  /** Before the second attempt; twice as long before each further one. */
  readonly firstDelayMs: number
}

export interface HttpRequest {
  /** As a user knows it, such as `Prometheus`. */
  readonly service: string
  readonly url: URL
  readonly method: 'POST' | 'PUT'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What a refused sign-in is mended by. */
  readonly signIn: string
  /** What no message may show is hidden by it. */
  readonly hide: Redaction
}

export interface HttpAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/** By which statuses a repetition can help (OTLP names these; Prometheus and proxies mean the same by them). */
const PASSING = new Set([408, 429, 502, 503, 504])

/**
 * Sends a request that may be repeated: lost connections, timeouts, 408, 429 and 502 to 504 are tried four times. Gives the
 * answer of any other status; sign-in that is refused and redirects, which would lose the body, are errors.
 */
export async function request(wanted: HttpRequest, context: HttpContext): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(wanted, context)
    } catch (error) {
      if (context.signal.aborted) {
        throw new CancelledError(`The request to ${wanted.service} was cancelled.`, {
          cause: error,
        })
      }
      const pause = pauseAfter(error, attempt, context.firstDelayMs)
      if (pause === undefined) throw error
      await pauseFor(pause, wanted, context.signal)
    }
  }
}

async function pauseFor(
  pause: number,
  { service }: HttpRequest,
  signal: AbortSignal,
): Promise<void> {
  try {
    await sleep(pause, undefined, { signal })
  } catch (error) {
    throw new CancelledError(`The request to ${service} was cancelled.`, { cause: error })
  }
}

class Refused extends ExternalError {
  readonly retryAfterMs: number | undefined

  constructor(details: ExternalError['details'], retryAfterMs: number | undefined) {
    super(details)
    this.retryAfterMs = retryAfterMs
  }
}

function pauseAfter(error: unknown, attempt: number, firstDelayMs: number): number | undefined {
  if (!(error instanceof ExternalError) || !error.details.retryable) return undefined
  if (attempt >= ATTEMPTS) return undefined
  const asked = error instanceof Refused ? (error.retryAfterMs ?? 0) : 0
  if (asked > MOST_PAUSE_MS) return undefined
  return Math.max(asked, firstDelayMs * 2 ** (attempt - 1))
}

async function once(wanted: HttpRequest, context: HttpContext): Promise<HttpAnswer> {
  const { url, method, headers, body } = wanted
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(context.timeoutMs)])
  const answer = await reach(wanted, async () => {
    const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' })
    return { response, text: await limitedText(response, wanted) }
  })
  const { response, text } = answer
  const { status } = response
  if (PASSING.has(status)) throw busy(wanted, response, text)
  if (status === 401 || status === 403) throw denied(wanted, status)
  if (status >= 300 && status < 400) throw redirected(wanted, response)
  return { status, contentType: response.headers.get('content-type') ?? '', text }
}

async function reach<T>(wanted: HttpRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ExternalError) throw error
    throw new ExternalError(
      {
        code: 'MW-DRIFT-650',
        service: serviceAt(wanted),
        what: `cannot be reached: ${excerptOf(reasonOf(error), wanted.hide)}.`,
        retryable: true,
      },
      { cause: error },
    )
  }
}

function busy(wanted: HttpRequest, response: Response, text: string): ExternalError {
  // Datadog says by the second in how many seconds its limit begins anew.
  const { headers } = response
  const seconds = Number(
    headers.get('retry-after') ?? headers.get('x-ratelimit-reset') ?? Number.NaN,
  )
  const asked = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
  const details = {
    code: 'MW-DRIFT-651',
    service: serviceAt(wanted),
    status: response.status,
    what: `is busy or away: ${excerpt(text, wanted.hide)}`,
    retryable: true,
  }
  return new Refused(details, asked)
}

function denied(wanted: HttpRequest, status: number): ExternalError {
  return new ExternalError({
    code: 'MW-DRIFT-652',
    service: serviceAt(wanted),
    status,
    what: `refused to be signed in to: ${wanted.signIn}`,
    retryable: false,
  })
}

function redirected(wanted: HttpRequest, response: Response): ExternalError {
  const target = response.headers.get('location') ?? ''
  const host = URL.canParse(target, wanted.url.href)
    ? new URL(target, wanted.url).origin
    : 'elsewhere'
  return new ExternalError({
    code: 'MW-DRIFT-653',
    service: serviceAt(wanted),
    status: response.status,
    what: `sends to ${host}: name the address that answers itself (a page to sign in at, or https for http, are the usual reasons).`,
    retryable: false,
  })
}

async function limitedText(response: Response, wanted: HttpRequest): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MOST_BYTES) throw tooLarge(wanted)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooLarge(wanted: HttpRequest): ExternalError {
  return new ExternalError({
    code: 'MW-DRIFT-654',
    service: serviceAt(wanted),
    what: `answered with more than ${MOST_BYTES / 1024 / 1024} MiB: ask for fewer points or series.`,
    retryable: false,
  })
}

export function serviceAt({ service, url }: Pick<HttpRequest, 'service' | 'url'>): string {
  return `${service} at ${url.host}`
}

/** The first line of a text, for a message, without secrets. */
export function excerpt(text: string, hide: Redaction): string {
  // Hidden first: a secret may have several lines.
  const line = hide(text).trim().split('\n', 1)[0] ?? ''
  return line === '' ? 'without a reason.' : line.slice(0, 300)
}

/** fetch hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  if ('name' in error && error.name === 'TimeoutError') return 'it did not answer in time'
  if ('cause' in error && error.cause !== undefined) return reasonOf(error.cause)
  return 'message' in error ? String(error.message) : 'unknown'
}
