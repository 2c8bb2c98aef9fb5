import { ExternalError, UserError } from '../../errors.js'
import { withRetries } from '../../retry.js'
import { excerptOf, type Redaction } from '../../secrets.js'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Statuses besides 2xx that are an answer and no failure. */
  readonly answers?: readonly number[] | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly text: string
}

export interface HttpOptions {
  readonly signal: AbortSignal
  /** What no message may show is hidden by it. */
  readonly hide: Redaction
  readonly firstDelayMs?: number | undefined
  readonly timeoutMs?: number | undefined
}

const FIRST_DELAY_MS = 500
const TIMEOUT_MS = 20_000
/** The longest that a receiver may ask us to wait. */
const PATIENCE_S = 30
/** What is read of an answer. */
const LONGEST_ANSWER = 100_000

/**
 * One request, repeated where that can help: lost connections, 408, 429 (as long as `Retry-After` asks) and 5xx. No
 * redirect is followed, since it would carry the signature, the token or the event to another place.
 */
export function request(ask: HttpRequest, options: HttpOptions): Promise<HttpAnswer> {
  const { signal, firstDelayMs = FIRST_DELAY_MS } = options
  return withRetries(() => once(ask, options), {
    signal,
    firstDelayMs,
    cancelled: 'Sending was cancelled.',
    asked: (error) =>
      error instanceof Error && error.cause instanceof Asked ? 1000 * error.cause.seconds : 0,
  })
}

/** How long the receiver asked us to wait. */
class Asked extends Error {
  readonly seconds: number

  constructor(seconds: number) {
    super(`try again in ${seconds} s`)
    this.seconds = seconds
  }
}

async function once(ask: HttpRequest, options: HttpOptions): Promise<HttpAnswer> {
  const { method, url, headers, body } = ask
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
  const signal = AbortSignal.any([options.signal, timeout])
  const response = await reach(ask, options, () =>
    fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    }),
  )
  const text = await reach(ask, options, () => textOf(response))
  if (response.ok || ask.answers?.includes(response.status))
    return { status: response.status, text }
  throw refusal(url, response, excerptOf(text, options.hide))
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > LONGEST_ANSWER) break
  }
  return text.slice(0, LONGEST_ANSWER)
}

async function reach<T>(
  { url }: HttpRequest,
  { hide }: HttpOptions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = error instanceof Error ? reasonOf(error) : String(error)
    const what = `it was not reached: ${excerptOf(reason, hide)}.`
    throw new ExternalError(
      { code: 'MW-DRIFT-506', service: url.host, what, retryable: true },
      { cause: error },
    )
  }
}

/** fetch hides the reason in the cause. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message
}

/** What a receiver said instead of yes; `said` is free of secrets. */
function refusal(url: URL, response: Response, said: string): Error {
  const { status } = response
  if (status >= 300 && status < 400) return redirected(url, response)
  const retryable = status >= 500 || status === 429 || status === 408
  const what = said === '' ? `${meaning(status)}.` : `${meaning(status)}: ${said}`
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  const cause = seconds > 0 ? new Asked(Math.min(seconds, PATIENCE_S)) : undefined
  return new ExternalError(
    { code: 'MW-DRIFT-505', service: url.host, status, what, retryable },
    { cause },
  )
}

/** A service that fails has refused nothing. */
function meaning(status: number): string {
  if (status >= 500) return 'the service failed'
  return status === 429 || status === 408 ? 'it is too busy' : 'it refused the event'
}

function redirected(url: URL, { headers }: Response): UserError {
  const location = headers.get('location') ?? ''
  const to = URL.canParse(location, url.href) ? new URL(location, url).origin : 'nowhere'
  return new UserError({
    code: 'MW-DRIFT-504',
    where: 'drift.triggers',
    what: `${url.host} redirects to ${to}, where the event is not sent.`,
    fix: 'Write the address that answers itself.',
  })
}
