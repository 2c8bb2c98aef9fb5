import type { Octokit } from '@octokit/rest'
import { ExternalError } from '../../../errors.js'
import type { Log, RunFacts } from '../../../ports/host.js'
import type { Environment } from '../environment.js'
import { type Failure, isPassing, isRateLimit, type Pauses, withRetry } from './retry.js'

export type Rest = Pick<Octokit, 'request'>

/** GitHub's REST API for one repository, with retries and our errors. */
export interface GitHubClient {
  readonly owner: string
  readonly repo: string
  /** `needs` is the permission that the call takes, as it is written in a workflow. */
  call<T>(
    needs: string,
    work: (rest: Rest) => Promise<T>,
    recover?: () => Promise<T | undefined>,
  ): Promise<T>
  /** The same forge, for another repository (`owner/name`) or by another token. */
  elsewhere(other: Elsewhere): GitHubClient
}

interface Elsewhere {
  readonly repository?: string | undefined
  readonly token?: string | undefined
}

export interface ClientOptions {
  readonly env: Environment
  readonly token: string
  readonly run: RunFacts
  readonly log: Log
  readonly pauses: Pauses
}

const TIMEOUT = 20_000

/** The client, or undefined where the run has no repository; the API's address is GITHUB_API_URL. */
export function createClient(options: ClientOptions): GitHubClient | undefined {
  const [owner, repo, ...rest] = options.run.repository?.split('/') ?? []
  if (!owner || !repo || rest.length > 0) return undefined
  let loading: Promise<Octokit> | undefined
  const own: GitHubClient = {
    owner,
    repo,
    elsewhere: ({ repository = options.run.repository, token = options.token }) =>
      createClient({ ...options, token, run: { ...options.run, repository } }) ?? own,
    async call(needs, work, recover) {
      loading ??= loadOctokit(options)
      const octokit = await loading
      return withRetry(
        {
          work: () => work(octokit),
          describe,
          giveUp: (failure, cause) => asExternalError({ failure, cause, needs, run: options.run }),
          recover,
        },
        options.pauses,
      )
    },
  }
  return own
}

async function loadOctokit(options: ClientOptions): Promise<Octokit> {
  const { Octokit } = await import('@octokit/rest')
  const debug = (message: string): void => options.log.debug(message)
  return new Octokit({
    auth: options.token,
    baseUrl: apiUrl(options.env),
    userAgent: 'modelway',
    log: { debug, info: debug, warn: debug, error: debug },
    request: { fetch: fetchWithTimeout },
  })
}

/** The REST API's address without a slash at its end; GitHub Enterprise Server has its own. */
function apiUrl(env: Environment): string {
  return (env['GITHUB_API_URL']?.trim() || 'https://api.github.com').replace(/\/+$/, '')
}

function fetchWithTimeout(...[input, init]: Parameters<typeof fetch>): ReturnType<typeof fetch> {
  return fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT) })
}

type RequestError = Error & { readonly status: number; readonly response?: unknown }

function isRequestError(error: unknown): error is RequestError {
  if (typeof error !== 'object' || error === null) return false
  return 'message' in error && 'status' in error && typeof error.status === 'number'
}

/** Octokit's error as a failure; undefined for an error that is not of a request. */
function describe(error: unknown): Failure | undefined {
  if (!isRequestError(error)) return undefined
  const message = error.message.replace(/ - https:\/\/\S+$/, '').replace(/\.$/, '')
  const { response } = error
  // Octokit gives connections that failed the status 500 and no response.
  if (typeof response !== 'object' || response === null) {
    return { status: undefined, message, headers: {} }
  }
  const headers = 'headers' in response ? response.headers : undefined
  return {
    status: error.status,
    message,
    headers: (headers ?? {}) as Failure['headers'],
  }
}

interface GiveUp {
  readonly failure: Failure
  readonly cause: unknown
  readonly needs: string
  readonly run: RunFacts
}

function asExternalError({ failure, cause, needs, run }: GiveUp): ExternalError {
  const { status } = failure
  const make = (code: string, what: string): ExternalError =>
    new ExternalError(
      { code, service: 'GitHub', what, status, retryable: isPassing(failure) },
      { cause },
    )
  if (isRateLimit(failure))
    return make('MW-HOST-002', `${failure.message}. Run the job again later.`)
  if (status === undefined || status >= 500) {
    return make(
      'MW-HOST-003',
      `${failure.message} (after retries). See https://www.githubstatus.com.`,
    )
  }
  if (status === 401) {
    return make('MW-HOST-005', 'the token is not valid. Pass one with the input github-token.')
  }
  if (status === 403) return make('MW-HOST-001', forbidden(failure, needs, run))
  return make('MW-HOST-004', failure.message)
}

function forbidden(failure: Failure, needs: string, run: RunFacts): string {
  const denied = `the token may not do this: ${failure.message}.`
  if (!/not accessible|permission|scope/i.test(failure.message)) return denied
  return run.fromFork
    ? `${denied} A run for a pull request from a fork has a read-only token; write from a second workflow on workflow_run with "permissions: ${needs}".`
    : `${denied} Add "permissions: ${needs}" to the job.`
}
