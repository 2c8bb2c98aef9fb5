import { AwsClient } from 'aws4fetch'
import { CancelledError, ExternalError, UserError } from '../errors.js'
import { withRetries } from '../retry.js'
import { createRedaction, excerptOf } from '../secrets.js'
import { awsEndpoint, awsHost, awsRegion } from './aws-endpoint.js'
import { type AwsFailure, failureOf, failureText } from './aws-failures.js'
import { type AwsCredentials, type AwsSignIn, awsSignIn } from './aws-sign-in.js'

export interface AwsOptions {
  /** For messages, such as `SageMaker`. */
  readonly name: string
  /** The beginning of its host, and the name that requests are signed for. */
  readonly host: string
  readonly signing: string
  /** The section of the settings, for messages. */
  readonly where: string
  readonly region?: string | undefined
  readonly endpoint?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
  /** Before the second attempt; twice as long before each further one. */
  readonly firstDelayMs?: number | undefined
  readonly signIn?: AwsSignIn | undefined
}

export interface AwsRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Already encoded. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
}

/** One service of AWS in one region. */
export interface Aws {
  readonly region: string
  readonly url: URL
  /** The answer's JSON. Throws AwsRefusal where the service does not take the request. */
  send(request: AwsRequest): Promise<unknown>
}

/** What a service says to a request that it does not take; nothing was changed by it. */
export class AwsRefusal extends UserError {
  readonly failure: AwsFailure

  constructor(failure: AwsFailure, where: string, text: string) {
    super({
      code: 'MW-DEPLOY-224',
      where,
      what: `AWS refuses it: ${text}`,
      fix: 'Mend what AWS names; see docs/targets.md for what the role and the settings need.',
    })
    this.failure = failure
  }
}

const TIMEOUT_MS = 30_000
const FIRST_DELAY_MS = 500

interface Service {
  readonly options: AwsOptions
  readonly region: string
  readonly url: URL
  readonly signIn: AwsSignIn
  /** How much later it is there than here, milliseconds. */
  skewMs: number
}

/**
 * Signed requests (Signature Version 4) to one service. Throttling, 5xx and lost connections are tried four times with growing
 * pauses that are drawn by chance; credentials that have ended and a clock that is wrong are mended once.
 */
export function openAws(options: AwsOptions): Aws {
  const { where, env } = options
  const region = awsRegion(options.region, env, where)
  const url =
    options.endpoint === undefined
      ? new URL(`https://${awsHost(options.host, region)}`)
      : awsEndpoint(options.endpoint, where)
  const signIn = options.signIn ?? awsSignIn(env, where)
  const service: Service = { options, region, url, signIn, skewMs: 0 }
  return { region, url, send: (request) => send(service, request) }
}

/** An operation of the protocols awsJson1_0 and awsJson1_1. */
export function awsOperation(target: string, version: '1.0' | '1.1', input: unknown): AwsRequest {
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target }
  return { method: 'POST', path: '/', headers, body: input }
}

function send(service: Service, request: AwsRequest): Promise<unknown> {
  const { name, signal, firstDelayMs = FIRST_DELAY_MS } = service.options
  return withRetries(() => attempt(service, request), {
    signal: signal ?? new AbortController().signal,
    firstDelayMs,
    cancelled: `The request to ${name} was cancelled.`,
    // Many that were refused at once must not come back at once.
    asked: (error) => (error instanceof Busy ? error.pauseMs : Math.random() * firstDelayMs),
  })
}

class Busy extends ExternalError {
  readonly pauseMs: number

  constructor(details: ExternalError['details'], pauseMs: number) {
    super(details)
    this.pauseMs = pauseMs
  }
}

async function attempt(service: Service, request: AwsRequest): Promise<unknown> {
  const credentials = await service.signIn()
  const first = await exchange(service, request, credentials)
  const mended = await mend(service, first, credentials)
  const answer = mended === undefined ? first : await exchange(service, request, mended)
  return resultOf(service, answer, mended ?? credentials)
}

/** Credentials for a second try where the first failed for their sake or that of the clock. */
async function mend(
  service: Service,
  { failure, date }: Answer,
  credentials: AwsCredentials,
): Promise<AwsCredentials | undefined> {
  if (failure?.kind === 'skewed' && Number.isFinite(date)) {
    service.skewMs = date - Date.now()
    return credentials
  }
  if (failure?.kind !== 'expired') return undefined
  const renewed = await service.signIn({ refresh: true })
  const isSame =
    renewed.accessKeyId === credentials.accessKeyId &&
    renewed.sessionToken === credentials.sessionToken
  return isSame ? undefined : renewed
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly failure: AwsFailure | undefined
  /** The service's clock; NaN where it does not say. */
  readonly date: number
  readonly retryAfterMs: number
}

async function exchange(
  service: Service,
  request: AwsRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
): Promise<Answer> {
  const { options, url, region, skewMs } = service
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
  const client = new AwsClient({ ...keys, region, service: options.signing, retries: 0 })
  const datetime = new Date(Date.now() + skewMs).toISOString().replace(/[:-]|\.\d{3}/g, '')
  const address = `${url.href.replace(/\/+$/, '')}${request.path}`
  const signed = await client.sign(address, {
    method: request.method,
    headers: { accept: 'application/json', ...request.headers },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    aws: { datetime },
  })
  const limit = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit])
  const { response, text } = await reach(service, async () => {
    const response = await fetch(signed, { signal, redirect: 'manual' })
    return { response, text: await response.text() }
  })
  const { status, headers } = response
  const seconds = Number(headers.get('retry-after') ?? 0)
  return {
    status,
    text,
    failure: failureOf({ status, text, type: headers.get('x-amzn-errortype') ?? undefined }),
    date: Date.parse(headers.get('date') ?? ''),
    retryAfterMs: Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), 30) * 1000 : 0,
  }
}

async function reach<T>({ options, url }: Service, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (options.signal?.aborted === true) {
      throw new CancelledError(`The request to ${options.name} was cancelled.`, { cause: error })
    }
    throw new ExternalError(
      {
        code: 'MW-DEPLOY-225',
        service: `${options.name} at ${url.host}`,
        what: 'it cannot be reached, or does not answer in time.',
        retryable: true,
      },
      { cause: error },
    )
  }
}

function resultOf({ options, url }: Service, answer: Answer, credentials: AwsCredentials): unknown {
  const { status, text, failure } = answer
  const { name, where, firstDelayMs = FIRST_DELAY_MS } = options
  const { secretAccessKey, sessionToken = '' } = credentials
  const hide = createRedaction([secretAccessKey, sessionToken].filter((one) => one !== ''))
  const service = `${name} at ${url.host}`
  if (failure === undefined) return jsonOf(text, service, status)
  const said = excerptOf(failureText(failure), hide)
  if (failure.kind === 'passing') {
    const details = { code: 'MW-DEPLOY-225', service, status, what: said, retryable: true }
    throw new Busy(details, Math.max(answer.retryAfterMs, Math.random() * firstDelayMs))
  }
  if (failure.kind === 'refused') throw new AwsRefusal(failure, where, said)
  throw new UserError({
    code: 'MW-DEPLOY-223',
    where: service,
    what: `AWS does not let this role do it: ${said}`,
    fix:
      failure.kind === 'expired'
        ? 'Sign in for longer than the rollout takes (role-duration-seconds), or give the runner a role that is renewed.'
        : 'Give the role what docs/targets.md lists, and see that its keys are those of this account.',
  })
}

function jsonOf(text: string, service: string, status: number): unknown {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch (error) {
    throw new ExternalError(
      {
        code: 'MW-DEPLOY-226',
        service,
        status,
        what: 'it answers with what is no JSON: is the address that of AWS?',
        retryable: false,
      },
      { cause: error },
    )
  }
}
