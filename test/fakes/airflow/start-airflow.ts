import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

/** A stand-in for Airflow's REST API, 3 or 2; requests and answers are checked against Airflow's own descriptions. */

const file = new URL('./openapi-subset.generated.json', import.meta.url)
const descriptions = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>

const ajv = new Ajv({ strict: false, validateSchema: false })
formats.default(ajv)
for (const name of ['v1', 'v2', 'auth']) ajv.addSchema({ $id: name, ...descriptions[name] })

export interface DagRun {
  readonly dag: string
  readonly id: string
  readonly conf: unknown
}

export interface AirflowOptions {
  readonly version: 2 | 3
  readonly dags?: readonly string[]
  readonly username?: string
  readonly password?: string
  /** A token that is taken besides those of /auth/token. */
  readonly token?: string
}

export interface AirflowFake {
  readonly url: string
  readonly runs: DagRun[]
  readonly requests: string[]
  /** Something that the real Airflow does not describe; tests assert that there is none. */
  readonly violations: string[]
  /** The next requests for a path that ends so get this status. */
  failNext(ending: string, status: number, times?: number): void
  /** The next run is refused since another has its date, which Airflow 2 tells by the same status. */
  refuseDate(): void
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
  /** Which description and which schema of it the body must fit. */
  readonly schema?: readonly [string, string]
}

const ISSUED = 'issued.by.airflow'

class Airflow {
  readonly runs: DagRun[] = []
  readonly requests: string[] = []
  readonly violations: string[] = []
  readonly faults: { ending: string; status: number; left: number }[] = []
  dateTaken = false
  readonly options: AirflowOptions

  constructor(options: AirflowOptions) {
    this.options = options
  }

  answer(request: IncomingMessage, body: unknown): Answer {
    const path = (request.url ?? '').split('?')[0] ?? ''
    this.requests.push(`${request.method} ${path}`)
    const fault = this.faults.find(({ ending, left }) => left > 0 && path.endsWith(ending))
    if (fault !== undefined) {
      fault.left -= 1
      return { status: fault.status, body: { detail: `ordered fault ${fault.status}` } }
    }
    return this.options.version === 3
      ? this.three(request, path, body)
      : this.two(request, path, body)
  }

  private three(request: IncomingMessage, path: string, body: unknown): Answer {
    if (path === '/api/v2/version') {
      const answer = { version: '3.1.0', git_version: null }
      return { status: 200, body: answer, schema: ['v2', 'VersionInfo'] }
    }
    if (path === '/auth/token') {
      this.check('auth', 'LoginBody', body)
      const { username, password } = body as Record<string, string>
      const good = username === this.options.username && password === this.options.password
      if (!good) return detail(401, 'Invalid credentials')
      const token = { access_token: ISSUED }
      return { status: 201, body: token, schema: ['auth', 'LoginResponse'] }
    }
    const tokens = [ISSUED, this.options.token].map((token) => `Bearer ${token}`)
    if (!tokens.includes(request.headers.authorization ?? ''))
      return detail(401, 'Not authenticated')
    return this.dagRuns(request, path, body, '/api/v2')
  }

  private two(request: IncomingMessage, path: string, body: unknown): Answer {
    if (!path.startsWith('/api/v1/')) return { status: 404, body: '<html>Airflow 404</html>' }
    const { username, password, token } = this.options
    const basic = Buffer.from(`${username}:${password}`).toString('base64')
    const known = [`Basic ${basic}`, `Bearer ${token}`]
    if (!known.includes(request.headers.authorization ?? '')) return problem(401, 'Unauthorized')
    return this.dagRuns(request, path, body, '/api/v1')
  }

  private dagRuns(
    request: IncomingMessage,
    path: string,
    body: unknown,
    prefix: '/api/v1' | '/api/v2',
  ): Answer {
    const refuse = prefix === '/api/v2' ? detail : problem
    const parts = path.slice(prefix.length + 1).split('/')
    const [, dag = '', , id] = parts.map(decodeURIComponent)
    if (!(this.options.dags ?? ['retrain']).includes(dag)) {
      return refuse(404, `DAG with dag_id: '${dag}' not found`)
    }
    if (request.method === 'GET') {
      const run = this.runs.find((one) => one.dag === dag && one.id === id)
      return run === undefined
        ? refuse(404, 'The DagRun was not found')
        : { status: 200, ...this.document(run, prefix) }
    }
    if (prefix === '/api/v2') this.check('v2', 'TriggerDAGRunPostBody', body)
    else this.check('v1', 'DAGRun', body)
    const wanted = body as { dag_run_id: string; conf: unknown }
    // `allowed_run_id_pattern` of Airflow's configuration.
    if (!/^[A-Za-z0-9_.~:+-]+$/.test(wanted.dag_run_id)) return refuse(400, 'The run_id is invalid')
    const isThere = this.runs.some((one) => one.dag === dag && one.id === wanted.dag_run_id)
    if (isThere || this.dateTaken) {
      this.dateTaken = false
      return refuse(409, 'DAGRun already exists')
    }
    const run = { dag, id: wanted.dag_run_id, conf: wanted.conf }
    this.runs.push(run)
    return { status: 200, ...this.document(run, prefix) }
  }

  private document(run: DagRun, prefix: string): Pick<Answer, 'body' | 'schema'> {
    const at = '2026-11-23T12:00:00Z'
    const both = { dag_run_id: run.id, dag_id: run.dag, conf: run.conf, note: null }
    const times = {
      start_date: null,
      end_date: null,
      data_interval_start: at,
      data_interval_end: at,
    }
    const state = {
      ...both,
      ...times,
      last_scheduling_decision: null,
      run_type: 'manual',
      state: 'queued',
    }
    if (prefix === '/api/v1') {
      const body = { ...state, logical_date: at, external_trigger: true }
      return { body, schema: ['v1', 'DAGRun'] }
    }
    const more = { logical_date: null, queued_at: at, duration: null, run_after: at }
    const who = { triggered_by: 'rest_api', triggering_user_name: 'ml', dag_versions: [] }
    const body = { ...state, ...more, ...who, bundle_version: null, dag_display_name: run.dag }
    return { body, schema: ['v2', 'DAGRunResponse'] }
  }

  check(description: string, schema: string, value: unknown): void {
    const validate = validator(description, schema)
    if (!validate(value)) this.violations.push(`${schema}: ${ajv.errorsText(validate.errors)}`)
  }
}

function validator(description: string, schema: string): ValidateFunction {
  return ajv.compile({ $ref: `${description}#/components/schemas/${schema}` })
}

function detail(status: number, text: string): Answer {
  return { status, body: { detail: text }, schema: ['v2', 'HTTPExceptionResponse'] }
}

function problem(status: number, title: string): Answer {
  return {
    status,
    body: { type: 'about:blank', title, status, detail: title },
    schema: ['v1', 'Error'],
  }
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? undefined : JSON.parse(text)
}

export async function startAirflow(options: AirflowOptions): Promise<AirflowFake> {
  const airflow = new Airflow(options)
  const server = createServer(async (request, response) => {
    const { status, body, schema } = airflow.answer(request, await read(request))
    if (schema !== undefined) airflow.check(schema[0], schema[1], body)
    const isText = typeof body === 'string'
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json' })
    response.end(isText ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { runs, requests, violations } = airflow
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ runs, requests, violations },
    failNext: (ending, status, times = 1) => {
      airflow.faults.push({ ending, status, left: times })
    },
    refuseDate: () => {
      airflow.dateTaken = true
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
