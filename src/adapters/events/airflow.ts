import { eventPayload, type KeyedEvent } from '../../domain/drift/acting/event.js'
import type { AirflowTrigger } from '../../domain/drift/acting/trigger.js'
import { ExternalError, UserError } from '../../errors.js'
import type { EventSender } from '../../ports/events.js'
import { createRedaction, excerptOf, type Redaction, secretsIn } from '../../secrets.js'
import { type HttpAnswer, type HttpOptions, request } from './http.js'
import type { SenderContext } from './index.js'
import { readAccount, readToken } from './secrets.js'

/**
 * A run of a DAG by Airflow's REST API: version 2 of Airflow 3, and version 1 of Airflow 2, whichever the server has. The
 * run's id is the event's key, so that the server itself refuses a second run for one window.
 */
export function createAirflowSender(
  trigger: AirflowTrigger,
  context: SenderContext,
  http: Omit<HttpOptions, 'signal' | 'hide'> = {},
): EventSender {
  const account = readSignIn(context)
  const base = trigger.url.replace(/\/+$/, '')
  const secrets = [...secretsIn(context.env)]
  const hide: Redaction = (text) => createRedaction(secrets)(text)
  return {
    async send(event, signal) {
      const ask: Ask = async (method, path, { body, headers = {}, answers } = {}) =>
        request(
          {
            method,
            url: new URL(`${base}${path}`),
            headers: {
              accept: 'application/json',
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
              ...headers,
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            answers,
          },
          { ...http, hide, signal },
        )
      const api = await findApi(ask, base)
      const authorization = await api.authorize(account)
      // Airflow's own token is a secret, too.
      secrets.push(authorization, authorization.replace(/^\w+ /, ''))
      const headers = { authorization }
      const runs = `${api.path}/dags/${encodeURIComponent(trigger.dag)}/dagRuns`
      const body = { ...api.body, dag_run_id: event.key, conf: confOf(trigger, event) }
      const answer = await ask('POST', runs, { body, headers, answers: [409] })
      if (answer.status === 409)
        await assertSameRun({ ask, runs, headers, event, said: excerptOf(answer.text, hide) })
      return { url: api.pageOf(trigger.dag, event.key) }
    },
  }
}

type Ask = (
  method: 'GET' | 'POST',
  path: string,
  more?: {
    readonly body?: object
    readonly headers?: Readonly<Record<string, string>>
    readonly answers?: readonly number[]
  },
) => Promise<HttpAnswer>

function confOf({ conf }: AirflowTrigger, event: KeyedEvent): Readonly<Record<string, unknown>> {
  return { ...conf, modelway: eventPayload(event) }
}

type SignIn = { readonly token: string } | { readonly username: string; readonly password: string }

function readSignIn(context: SenderContext): SignIn {
  const token = readToken('MODELWAY_AIRFLOW_TOKEN', context)
  if (token !== undefined) return { token }
  const account = readAccount('MODELWAY_AIRFLOW', context)
  if (account !== undefined) return account
  throw new UserError({
    code: 'MW-DRIFT-503',
    where: 'drift.triggers',
    what: 'there is nothing to sign in to Airflow with.',
    fix: 'Set MODELWAY_AIRFLOW_USERNAME and MODELWAY_AIRFLOW_PASSWORD, or MODELWAY_AIRFLOW_TOKEN, in the environment of the step.',
  })
}

interface Api {
  readonly path: string
  /** What this version wants besides the run's id and conf. */
  readonly body: object
  authorize(account: SignIn): Promise<string>
  pageOf(dag: string, run: string): string
}

/** Airflow 3 answers under /api/v2, and Airflow 2 does not. */
async function findApi(ask: Ask, base: string): Promise<Api> {
  const version = await ask('GET', '/api/v2/version', { answers: [401, 403, 404, 405] })
  const [dagOf, runOf] = [encodeURIComponent, encodeURIComponent]
  if (version.status === 404 || version.status === 405) {
    return {
      path: '/api/v1',
      body: {},
      authorize: async (account) => ('token' in account ? bearer(account.token) : basic(account)),
      pageOf: (dag, run) => `${base}/dags/${dagOf(dag)}/grid?dag_run_id=${runOf(run)}`,
    }
  }
  return {
    path: '/api/v2',
    // Data is no schedule: the run is for no point in time.
    body: { logical_date: null },
    authorize: async (account) =>
      bearer('token' in account ? account.token : await fetchToken(ask, account, base)),
    pageOf: (dag, run) => `${base}/dags/${dagOf(dag)}/runs/${runOf(run)}`,
  }
}

function bearer(token: string): string {
  return `Bearer ${token}`
}

function basic(account: { readonly username: string; readonly password: string }): string {
  const text = `${account.username}:${account.password}`
  return `Basic ${Buffer.from(text, 'utf8').toString('base64')}`
}

async function fetchToken(
  ask: Ask,
  account: { readonly username: string; readonly password: string },
  base: string,
): Promise<string> {
  const { username, password } = account
  const answer = await ask('POST', '/auth/token', { body: { username, password } })
  const token = tokenIn(answer.text)
  if (token !== undefined && /^[\x21-\x7e]+$/.test(token)) return token
  throw new ExternalError({
    code: 'MW-DRIFT-510',
    service: new URL(base).host,
    status: answer.status,
    what: 'the answer of /auth/token holds no access_token.',
    retryable: false,
  })
}

function tokenIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('access_token' in value)) return undefined
    return typeof value.access_token === 'string' ? value.access_token : undefined
  } catch {
    return undefined
  }
}

interface Conflict {
  readonly ask: Ask
  readonly runs: string
  readonly headers: Readonly<Record<string, string>>
  readonly event: KeyedEvent
  /** Free of secrets. */
  readonly said: string
}

/** 409 is said of the run's id, which means that it has fired, and also of a date that another run has. */
async function assertSameRun({ ask, runs, headers, event, said }: Conflict): Promise<void> {
  const found = await ask('GET', `${runs}/${encodeURIComponent(event.key)}`, {
    headers,
    answers: [404],
  })
  if (found.status !== 404) return
  throw new ExternalError({
    code: 'MW-DRIFT-511',
    service: 'Airflow',
    status: 409,
    what: `the run was refused for a conflict, and is not there: ${said}`,
    retryable: false,
  })
}
