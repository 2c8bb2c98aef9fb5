import { ExternalError, UserError } from '../../../errors.js'
import { withRetries } from '../../../retry.js'
import type { TrackerContext } from '../index.js'

const FIRST_DELAY_MS = 300

export interface MlflowClient {
  /** The tracking server, without a slash at its end. */
  readonly server: string
  /** What `read` makes of a successful response; undefined for 404. A transfer that breaks off is begun again, and read anew. */
  get<T>(request: MlflowRequest, read: (response: Response) => Promise<T>): Promise<T | undefined>
}

export interface MlflowRequest {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

/**
 * Speaks to the server that MLFLOW_TRACKING_URI names, signed in as MLflow's own client does: MLFLOW_TRACKING_TOKEN, or
 * MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.
 */
export function createMlflowClient(
  { env, signal }: TrackerContext,
  firstDelay = FIRST_DELAY_MS,
): MlflowClient {
  const server = serverOf(env['MLFLOW_TRACKING_URI'])
  const headers = signIn(env)
  const once = async <T>(
    url: URL,
    read: (response: Response) => Promise<T>,
  ): Promise<T | undefined> => {
    const response = await reach(url, () => fetch(url, { headers, signal }))
    if (response.ok) return reach(url, () => read(response))
    const text = await bodyText(response)
    if (response.status === 404) return undefined
    throw failure(url, response.status, text)
  }
  return {
    server,
    get: async ({ path, query }, read) => {
      const url = new URL(`${server}${path}`)
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
      return withRetries(() => once(url, read), {
        signal,
        firstDelayMs: firstDelay,
        cancelled: 'Reading from MLflow was cancelled.',
      })
    },
  }
}

function serverOf(uri: string | undefined): string {
  const url = uri !== undefined && URL.canParse(uri) ? new URL(uri) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) {
    if (`${url.username}${url.password}` !== '') {
      throw new UserError({
        code: 'MW-TRACK-002',
        where: 'MLFLOW_TRACKING_URI',
        what: 'the address holds a user name or password, which logs and statements would publish.',
        fix: 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, from secrets.',
      })
    }
    return url.href.replace(/[?#].*$/, '').replace(/\/+$/, '')
  }
  throw new UserError({
    code: 'MW-TRACK-001',
    where: 'MLFLOW_TRACKING_URI',
    what:
      uri === undefined || uri === ''
        ? 'a run of MLflow is named, and the environment does not say where MLflow is.'
        : 'it is not an http: or https: address of a tracking server.',
    fix: 'Set the environment variable MLFLOW_TRACKING_URI of the step to the tracking server.',
  })
}

function signIn(env: TrackerContext['env']): Readonly<Record<string, string>> {
  const token = env['MLFLOW_TRACKING_TOKEN']
  if (token !== undefined && token !== '') return { authorization: `Bearer ${token}` }
  const user = env['MLFLOW_TRACKING_USERNAME']
  if (user === undefined || user === '') return {}
  const pair = `${user}:${env['MLFLOW_TRACKING_PASSWORD'] ?? ''}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** fetch and the reading of its bodies fail with a TypeError when the connection does; every other error is passed on. */
async function reach<T>(url: URL, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isConnectionLost(error)) throw error
    const reason = reasonOf(error)
    throw new ExternalError(
      {
        code: 'MW-TRACK-003',
        service: `MLflow at ${url.host}`,
        what: `cannot be reached: ${reason}.`,
        retryable: true,
      },
      { cause: error },
    )
  }
}

/** Of any realm, so that `instanceof` would not do. */
export function isConnectionLost(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError'
  )
}

/** fetch hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  if ('cause' in error && error.cause !== undefined) return reasonOf(error.cause)
  return 'message' in error ? String(error.message) : 'unknown'
}

async function bodyText(response: Response): Promise<string> {
  try {
    return (await response.text()).slice(0, 2000)
  } catch {
    // The status says enough.
    return ''
  }
}

/** MLflow says "too busy" with 400, too (a full pool of database connections). */
const BUSY = /QueuePool limit|database is locked/

function failure(url: URL, status: number, text: string): ExternalError {
  const retryable = status >= 500 || status === 429 || status === 408 || BUSY.test(text)
  const denied = status === 401 || status === 403
  const hint = denied
    ? 'sign in by MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.'
    : messageOf(text)
  return new ExternalError({
    code: denied ? 'MW-TRACK-004' : 'MW-TRACK-005',
    service: `MLflow at ${url.host}`,
    status,
    what: `refused ${url.pathname}: ${hint}`,
    retryable,
  })
}

function messageOf(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) {
      return String(parsed.message).slice(0, 300)
    }
  } catch {
    // A proxy's HTML page says nothing that helps.
  }
  return 'without a reason.'
}
