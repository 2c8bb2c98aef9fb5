import { CancelledError, ExternalError, UserError } from '../../../../errors.js'
import { withRetries } from '../../../../retry.js'
import { excerptOf, type Redaction } from '../../../../secrets.js'

/** Sends a signed GET. */
export type SendToStore = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Response>

export interface StoreContext {
  readonly signal: AbortSignal
  /** How long an answer may take to begin. */
  readonly timeoutMs: number
  readonly firstDelayMs: number
  readonly hide: Redaction
}

export interface StoreRequest {
  /** For messages. */
  readonly store: string
  /** What the account must be allowed. */
  readonly permission: string
  readonly send: SendToStore
}

const WHERE = 'deploy.signals.predictions.objects'
const PASSING = new Set([408, 429, 500, 502, 503, 504])
/** A page of 5,000 names of 1,024 bytes. */
const MOST_BYTES = 32 * 1024 * 1024

export interface StoreClient {
  text(url: URL, headers?: Readonly<Record<string, string>>): Promise<string>
  /** Undefined where there is no such object. */
  content(url: URL, headers?: Readonly<Record<string, string>>): Promise<Response | undefined>
}

/** Reads from a store: lost connections, throttling and 5xx are tried four times. */
export function storeClient(request: StoreRequest, context: StoreContext): StoreClient {
  const ask = (url: URL, headers: Readonly<Record<string, string>>) =>
    withRetries(() => once(request, { url, headers }, context), {
      signal: context.signal,
      firstDelayMs: context.firstDelayMs,
      cancelled: `Reading from ${request.store} was cancelled.`,
    })
  return {
    text: async (url, headers = {}) => {
      const response = await ask(url, headers)
      if (response.status === 404) throw missing(request)
      return limitedText(response, request)
    },
    content: async (url, headers = {}) => {
      const response = await ask(url, headers)
      // What is shorter by now than where it was left holds nothing new.
      if (response.status !== 404 && response.status !== 416) return response
      await response.body?.cancel()
      return undefined
    },
  }
}

interface Wanted {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

async function once(
  request: StoreRequest,
  { url, headers }: Wanted,
  { signal, timeoutMs, hide }: StoreContext,
): Promise<Response> {
  const limit = AbortSignal.timeout(timeoutMs)
  let response: Response
  try {
    response = await request.send(url, headers, AbortSignal.any([signal, limit]))
  } catch (error) {
    if (signal.aborted) throw new CancelledError(`Reading from ${request.store} was cancelled.`)
    if (error instanceof UserError || error instanceof ExternalError) throw error
    throw unreachable(request, url, error)
  }
  const { status } = response
  if (response.ok || status === 404 || status === 416) return response
  const said = excerptOf(await response.text().catch(() => ''), hide)
  if (status === 401 || status === 403) throw denied(request, said)
  throw new ExternalError({
    code: 'MW-DEPLOY-315',
    service: request.store,
    status,
    what: `does not answer as a store does: ${said}`,
    retryable: PASSING.has(status),
  })
}

function unreachable({ store }: StoreRequest, url: URL, cause: unknown): ExternalError {
  const details = {
    code: 'MW-DEPLOY-316',
    service: store,
    what: `cannot be reached at ${url.host}, or does not answer in time.`,
    retryable: true,
  }
  return new ExternalError(details, { cause })
}

function denied({ store, permission }: StoreRequest, said: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-313',
    where: WHERE,
    what: `${store} does not let this account read: ${said}`,
    fix: `Grant it ${permission}, and see that it is signed in to.`,
  })
}

function missing({ store }: StoreRequest): UserError {
  return new UserError({
    code: 'MW-DEPLOY-314',
    where: `${WHERE}.bucket`,
    what: `there is no ${store}.`,
    fix: 'Check its name, the region and the endpoint.',
  })
}

async function limitedText(response: Response, { store }: StoreRequest): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MOST_BYTES) throw notAList(store)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** What came is no list of objects. */
export function notAList(store: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-317',
    service: store,
    what: 'what came is no list of objects: is the endpoint that of the store?',
    retryable: false,
  })
}

/** The stream of an answer, from where the store begins it. */
export function bodyOf(response: Response, asked: number) {
  const from = response.status === 206 ? asked : 0
  return { body: (response.body ?? []) as AsyncIterable<Uint8Array>, from }
}

export function rangeFrom(from: number): Readonly<Record<string, string>> {
  return from > 0 ? { range: `bytes=${from}-` } : {}
}
