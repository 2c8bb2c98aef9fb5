import { ExternalError } from '../errors.js'
import { withRetries } from '../retry.js'
import { createRedaction, excerptOf, type Redaction, secretsIn } from '../secrets.js'
import type { AzureAudience, AzureTokens } from './azure.js'

export interface AzureRequest {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly url: URL
  readonly audience: AzureAudience
  readonly body?: unknown
}

export interface AzureAnswer {
  readonly status: number
  readonly json: unknown
  readonly header: (name: string) => string | undefined
  /** What Azure says is wrong, for a message; without secrets. */
  readonly problem: string
}

/** Sends a request, signed in; answers of 200 to 204, 400, 404, 409 and 412 are given as they are. */
export type AzureRest = (request: AzureRequest) => Promise<AzureAnswer>

export interface AzureRestOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly tokens: AzureTokens
  /** How long one attempt may take. */
  readonly timeoutMs: number
  /** Before the second attempt; twice as long before each further one. */
  readonly firstDelayMs: number
  readonly signal?: AbortSignal | undefined
}

/** By these a repetition can help; every request that is sent here may be repeated. */
const PASSING = new Set([408, 429, 500, 502, 503, 504])
const PLAIN = new Set([200, 201, 202, 204, 400, 404, 409, 412])
/** Longer than this nobody waits for a service that asks to be left alone. */
const MOST_PAUSE_MS = 60_000

/** Azure's REST APIs: throttling, lost connections and errors of the server are tried four times. */
export function createAzureRest(options: AzureRestOptions): AzureRest {
  const hide = createRedaction(secretsIn(options.env))
  const signal = options.signal ?? new AbortController().signal
  return (request) =>
    withRetries(() => once(request, { ...options, hide, signal }), {
      signal,
      firstDelayMs: options.firstDelayMs,
      cancelled: 'The request to Azure was cancelled.',
      asked: (error) => (error instanceof Busy ? error.pauseMs : 0),
    })
}

class Busy extends ExternalError {
  readonly pauseMs: number

  constructor(details: ExternalError['details'], pauseMs: number) {
    super(details)
    this.pauseMs = pauseMs
  }
}

interface Sending extends AzureRestOptions {
  readonly hide: Redaction
  readonly signal: AbortSignal
}

async function once(request: AzureRequest, sending: Sending): Promise<AzureAnswer> {
  const token = await sending.tokens(request.audience)
  const { response, text } = await exchange(request, token, sending)
  const { status } = response
  const service = `Azure at ${request.url.host}`
  // A token that signs in without a variable of the environment is hidden too.
  const hide: Redaction = (said) => sending.hide(said.replaceAll(token, '***'))
  const problem = problemIn(text, hide)
  if (PASSING.has(status)) {
    const what = `is busy or away: ${problem}`
    const details = { code: 'MW-DEPLOY-295', service, status, what, retryable: true }
    throw new Busy(details, pauseIn(response))
  }
  if (!PLAIN.has(status)) throw refused(request, { service, status, problem })
  return {
    status,
    json: jsonOf(text),
    header: (name) => response.headers.get(name) ?? undefined,
    problem,
  }
}

interface Refused {
  readonly service: string
  readonly status: number
  readonly problem: string
}

function refused({ method }: AzureRequest, { service, status, problem }: Refused): ExternalError {
  const isDenied = status === 401 || status === 403
  const hint = isDenied ? ' Give the identity that signs in a role that may do it.' : ''
  return new ExternalError({
    code: 'MW-DEPLOY-271',
    service,
    status,
    what: `refuses ${method}: ${problem}${hint}`,
    retryable: false,
  })
}

async function exchange(
  { method, url, body }: AzureRequest,
  token: string,
  { timeoutMs, signal, hide }: Sending,
): Promise<{ readonly response: Response; readonly text: string }> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      redirect: 'manual',
    })
    return { response, text: await response.text() }
  } catch (error) {
    const reason = error instanceof Error ? `${error.message} ${causeOf(error)}` : String(error)
    throw new ExternalError(
      {
        code: 'MW-DEPLOY-272',
        service: `Azure at ${url.host}`,
        what: `cannot be reached: ${excerptOf(reason.replaceAll(token, '***'), hide)}`,
        retryable: true,
      },
      { cause: error },
    )
  }
}

/** fetch hides the reason in the cause. */
function causeOf({ cause }: Error): string {
  return cause instanceof Error ? cause.message : ''
}

function pauseIn(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return seconds > 0 ? Math.min(MOST_PAUSE_MS, seconds * 1000) : 0
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `{ error: { code, message } }`, as all of Azure's APIs answer. */
function problemIn(text: string, hide: Redaction): string {
  const json = jsonOf(text)
  const error =
    typeof json === 'object' && json !== null && 'error' in json ? json.error : undefined
  if (typeof error !== 'object' || error === null) return excerptOf(text, hide)
  const code = 'code' in error ? String(error.code) : 'no code'
  const message = 'message' in error ? String(error.message) : ''
  return excerptOf(`${code}: ${message}`, hide)
}
