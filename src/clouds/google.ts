import { CancelledError, ExternalError } from '../errors.js'
import { createRedaction, excerptOf, type Redaction, secretsIn } from '../secrets.js'
import {
  busy,
  notUnderstood,
  type Refused,
  refusal,
  statusOf,
  unreachable,
} from './google-failures.js'
import { createGoogleSignIn, type Env, type GoogleSignIn } from './google-sign-in.js'

/** One call of an API of Google Cloud. */
export interface GoogleCall {
  readonly method: 'GET' | 'PATCH' | 'POST'
  readonly url: URL
  readonly body?: unknown
  /** What is called, for messages: `Cloud Run service api`. */
  readonly subject: string
  /** Where the user has named it, such as `deploy.cloud-run`. */
  readonly where: string
  /** What the account must be allowed, such as `run.services.update (roles/run.developer)`. */
  readonly permission: string
}

export interface GoogleClient {
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /**
   * The JSON that answers. 429, 5xx and lost connections are tried five times. Throws Conflict where what the call was
   * based on is no longer so, UserError for what the user can mend, ExternalError for the rest.
   */
  call(call: GoogleCall): Promise<unknown>
}

export interface OpenGoogle {
  readonly env: Env
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** How long one attempt may take. */
  readonly timeoutMs?: number | undefined
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined
}

const ATTEMPTS = 5
const FIRST_PAUSE_MS = 500
const MOST_PAUSE_MS = 30_000
const TIMEOUT_MS = 60_000

/** Calls the APIs of Google Cloud as the account that the environment signs in. */
export function openGoogle(options: OpenGoogle): GoogleClient {
  const { env, now, sleep } = options
  const signIn = createGoogleSignIn(env)
  const session: Session = { ...options, signIn }
  return {
    now,
    sleep,
    call: async (call) => {
      for (let attempt = 1; ; attempt++) {
        const outcome = await once(session, call)
        if (outcome.is === 'answer') return outcome.body
        const pause = Math.max(outcome.pauseMs ?? 0, FIRST_PAUSE_MS * 2 ** (attempt - 1))
        const isLast = attempt >= ATTEMPTS || pause > MOST_PAUSE_MS
        if (isLast || outcome.is === 'refusal') throw outcome.error
        await sleep(pause).catch((error: unknown) => {
          throw options.signal?.aborted === true ? cancelled(error) : error
        })
      }
    },
  }
}

function cancelled(cause: unknown): CancelledError {
  return new CancelledError('The request to Google Cloud was cancelled.', { cause })
}

interface Session extends OpenGoogle {
  readonly signIn: GoogleSignIn
}

type Outcome =
  | { readonly is: 'answer'; readonly body: unknown }
  | { readonly is: 'refusal'; readonly error: Error; readonly pauseMs?: undefined }
  /** May go better the next time; `pauseMs` is what the server asks for. */
  | { readonly is: 'failure'; readonly error: Error; readonly pauseMs?: number | undefined }

/** With a token that is refused another one is fetched, once: rollouts last longer than tokens. */
async function once(session: Session, call: GoogleCall): Promise<Outcome> {
  try {
    const first = await session.signIn.token(false)
    const answered = await exchange(session, call, first)
    const isRefused = 'status' in answered && answered.status === 401
    if (!isRefused || !session.signIn.canRenew) {
      return outcomeOf(answered, call, hiding(session, first))
    }
    const renewed = await session.signIn.token(true)
    return outcomeOf(await exchange(session, call, renewed), call, hiding(session, renewed))
  } catch (error) {
    if (error instanceof ExternalError && error.details.retryable) return { is: 'failure', error }
    throw error
  }
}

function hiding({ env }: Session, token: string): Redaction {
  return createRedaction([...secretsIn(env), token])
}

interface Answered {
  readonly status: number
  readonly text: string
  readonly retryAfter: string | null
}

async function exchange(
  { timeoutMs = TIMEOUT_MS, signal }: Session,
  { method, url, body }: GoogleCall,
  token: string,
): Promise<Answered | { readonly error: unknown }> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    const text = await response.text()
    return { status: response.status, text, retryAfter: response.headers.get('retry-after') }
  } catch (error) {
    if (signal?.aborted === true) throw cancelled(error)
    return { error }
  }
}

function outcomeOf(
  answered: Answered | { readonly error: unknown },
  call: GoogleCall,
  hide: Redaction,
): Outcome {
  if ('error' in answered) {
    return { is: 'failure', error: unreachable(call.url.host, answered.error, hide) }
  }
  const { status, text } = answered
  if (status >= 200 && status < 300) return answerOf(call, text)
  const said = statusOf(text)
  const message = excerptOf(said.message === '' ? text : said.message, hide)
  const refused: Refused = { call, status, kind: said.status, message }
  if (status === 429 || status >= 500) {
    const seconds = Number(answered.retryAfter ?? Number.NaN)
    const pauseMs = Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : undefined
    return { is: 'failure', error: busy(refused), pauseMs }
  }
  return { is: 'refusal', error: refusal(refused) }
}

function answerOf(call: GoogleCall, text: string): Outcome {
  try {
    const body: unknown = text === '' ? {} : JSON.parse(text)
    return { is: 'answer', body }
  } catch {
    return { is: 'refusal', error: notUnderstood(call.subject) }
  }
}
