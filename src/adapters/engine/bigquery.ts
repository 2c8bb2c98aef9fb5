import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { type EngineColumn, tableName } from '../../domain/drift/engine/dialect.js'
import { ExternalError } from '../../errors.js'
import type { EngineValue, QueryEngine, QueryResult } from '../../ports/engine.js'
import { bigqueryDialect } from './bigquery-dialect.js'
import { type EngineAnswer, type EnginePeer, excerpt, send } from './engine-http.js'
import {
  below,
  type EngineSettings,
  firstDelayOf,
  requiredKey,
  requiredSecret,
  requireEncryption,
  timeoutOf,
  webAddress,
} from './engine-settings.js'
import { poll, underClock } from './query-clock.js'
import {
  describing,
  jsonOf,
  QueryFailed,
  queryStopped,
  readJson,
  requireReading,
  rowsMissing,
} from './query-failures.js'

const Field = z.object({
  name: z.string(),
  type: z.string(),
  mode: z.string().optional(),
})
const Schema = z.object({ fields: z.array(Field).default([]) })

/** QueryResponse and GetQueryResultsResponse of the REST API, version 2. */
const Results = z.object({
  jobReference: z.object({ jobId: z.string(), location: z.string().optional() }).optional(),
  jobComplete: z.boolean(),
  schema: Schema.optional(),
  rows: z.array(z.object({ f: z.array(z.object({ v: z.unknown() })) })).optional(),
  totalRows: z.coerce.number().optional(),
  pageToken: z.string().optional(),
})
type Results = z.output<typeof Results>

const DryRun = z.object({
  statistics: z.object({ query: z.object({ schema: Schema.optional() }) }),
})

const Failure = z.object({
  error: z.object({
    message: z.string().default(''),
    errors: z.array(z.object({ reason: z.string().optional() })).default([]),
  }),
})

/** How long a request waits for the query there. */
const WAIT_MS = 10_000
const TOKENS = ['MODELWAY_BIGQUERY_TOKEN', 'GOOGLE_OAUTH_ACCESS_TOKEN']

/**
 * BigQuery by its REST API. `catalog` is the project that pays, `schema` the data set of plain names, `region` its location;
 * MODELWAY_BIGQUERY_TOKEN is an access token (google-github-actions/auth makes one). `maximum-bytes` refuses a query that would read more.
 */
export function createBigQuery(settings: EngineSettings): QueryEngine {
  const service = serviceOf(settings)
  const { peer } = service
  return {
    name: peer.service,
    dialect: bigqueryDialect,
    query: (sql, signal) => query(service, sql, signal),
    describe: (table, signal) =>
      describing(peer, table, () =>
        underClock(
          { service: peer.service, timeoutMs: service.timeoutMs, signal },
          (within) => describe(service, table, within),
          async () => undefined,
        ),
      ),
    close: async () => undefined,
  }
}

interface Service {
  readonly project: URL
  readonly headers: Readonly<Record<string, string>>
  readonly peer: EnginePeer
  readonly timeoutMs: number
  /** Of every query. */
  readonly options: Readonly<Record<string, unknown>>
  readonly location: string | undefined
}

function serviceOf(settings: EngineSettings): Service {
  const { url = 'https://bigquery.googleapis.com', schema, region } = settings.connection
  const projectId = requiredKey(settings, 'catalog', 'my-project')
  const token = requiredSecret(settings, TOKENS)
  const base = webAddress(url)
  requireEncryption(base)
  const most = settings.connection['maximum-bytes']
  return {
    project: below(base, `/bigquery/v2/projects/${encodeURIComponent(projectId)}`),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    peer: {
      service: `BigQuery at ${base.host}`,
      signIn: `Set ${TOKENS[0]} to an access token that may run queries and read the tables.`,
      secrets: [token],
      firstDelayMs: firstDelayOf(settings),
      meaningOf,
    },
    timeoutMs: timeoutOf(settings),
    location: region,
    options: {
      useLegacySql: false,
      ...(schema === undefined ? {} : { defaultDataset: { projectId, datasetId: schema } }),
      ...(most === undefined ? {} : { maximumBytesBilled: String(most) }),
    },
  }
}

const SOON_AGAIN = new Set([
  'rateLimitExceeded',
  'jobRateLimitExceeded',
  'backendError',
  'internalError',
])

/** BigQuery refuses by status 403 who is too fast, too, and who has used up a quota; the reason tells. */
function meaningOf({ status, text }: EngineAnswer): 'busy' | 'answer' | undefined {
  if (status < 400) return undefined
  const reason = Failure.safeParse(jsonOf(text)).data?.error.errors[0]?.reason ?? ''
  if (SOON_AGAIN.has(reason)) return 'busy'
  return reason === 'quotaExceeded' || reason === 'billingNotEnabled' ? 'answer' : undefined
}

interface Job {
  readonly id: string
  readonly location: string | undefined
}

async function query(service: Service, sql: string, signal: AbortSignal): Promise<QueryResult> {
  requireReading(sql)
  const { peer, timeoutMs } = service
  let job: Job | undefined
  const work = async (within: AbortSignal): Promise<QueryResult> => {
    const first = await start(service, sql, within)
    const { jobId, location } = first.jobReference ?? {}
    if (jobId === undefined) return resultOf(peer, [first])
    job = { id: jobId, location: location ?? service.location }
    return resultOf(peer, await pagesOf(service, { job, first }, within))
  }
  const cancel = async (within: AbortSignal): Promise<void> => {
    if (job === undefined) return
    const url = jobUrl(service, `/jobs/${encodeURIComponent(job.id)}/cancel`, job)
    await send(() => ({ method: 'POST', url, headers: service.headers, body: '' }), peer, within)
  }
  return await underClock({ service: peer.service, timeoutMs, signal }, work, cancel)
}

/** The same `requestId` in each attempt: it is run once. */
async function start(service: Service, sql: string, signal: AbortSignal): Promise<Results> {
  const { project, headers, peer, options, location } = service
  const body = JSON.stringify({
    ...options,
    query: sql,
    requestId: randomUUID(),
    timeoutMs: WAIT_MS,
    ...(location === undefined ? {} : { location }),
  })
  const url = below(project, '/queries')
  return read(await send(() => ({ method: 'POST', url, headers, body }), peer, signal), peer)
}

async function pagesOf(
  service: Service,
  { job, first }: { readonly job: Job; readonly first: Results },
  signal: AbortSignal,
): Promise<readonly Results[]> {
  const { peer, headers } = service
  const fetchPage = async (parameters: Readonly<Record<string, string>>): Promise<Results> => {
    const url = jobUrl(service, `/queries/${encodeURIComponent(job.id)}`, job)
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return read(await send(() => ({ method: 'GET', url, headers }), peer, signal), peer)
  }
  const again = async (): Promise<Results | undefined> => {
    const found = await fetchPage({ timeoutMs: String(WAIT_MS) })
    return found.jobComplete ? found : undefined
  }
  let page = first.jobComplete ? first : await poll(again, peer.firstDelayMs, signal)
  const pages = [page]
  while (page.pageToken !== undefined) {
    page = await fetchPage({ pageToken: page.pageToken })
    pages.push(page)
  }
  return pages
}

function jobUrl({ project }: Service, path: string, { location }: Job): URL {
  const url = below(project, path)
  if (location !== undefined) url.searchParams.set('location', location)
  return url
}

function resultOf(peer: EnginePeer, pages: readonly Results[]): QueryResult {
  const [first] = pages
  const fields = first?.schema?.fields ?? []
  const rows = pages.flatMap((page) => page.rows ?? [])
  const total = first?.totalRows ?? 0
  if (rows.length !== total) throw rowsMissing(peer, rows.length, total)
  return {
    columns: fields.map(({ name }) => name),
    rows: rows.map(({ f }) => f.map(({ v }, at) => cellOf(v, fields[at]?.type))),
  }
}

/** Every value comes as text. */
function cellOf(value: unknown, type: string | undefined): EngineValue {
  if (value === null || value === undefined) return null
  if (type === 'BOOLEAN' || type === 'BOOL') return value === 'true' || value === true
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What a query would give is said without running it, for views and wildcards too, and costs nothing. */
async function describe(
  { project, headers, peer, options, location }: Service,
  table: string,
  signal: AbortSignal,
): Promise<readonly EngineColumn[]> {
  const sql = `SELECT * FROM ${tableName(bigqueryDialect, table)}`
  const body = JSON.stringify({
    configuration: { dryRun: true, query: { ...options, query: sql } },
    ...(location === undefined ? {} : { jobReference: { location } }),
  })
  const url = below(project, '/jobs')
  const answer = await send(() => ({ method: 'POST', url, headers, body }), peer, signal)
  if (answer.status !== 200) throw failureOf(answer, peer)
  const { schema } = readJson(DryRun, answer, peer).statistics.query
  return (schema?.fields ?? []).map(({ name, type, mode }) => {
    const engineType = mode === 'REPEATED' ? `ARRAY<${type}>` : type
    return { name, engineType, type: bigqueryDialect.typeOf(engineType) }
  })
}

function read(answer: EngineAnswer, peer: EnginePeer): Results {
  if (answer.status !== 200) throw failureOf(answer, peer)
  return readJson(Results, answer, peer)
}

function failureOf(answer: EngineAnswer, peer: EnginePeer): Error {
  const { message, errors } = readJson(Failure, answer, peer).error
  const reason = errors[0]?.reason ?? ''
  if (reason === 'stopped') return queryStopped(peer, message)
  if (reason === 'bytesBilledLimitExceeded') {
    return new ExternalError({
      code: 'MW-DRIFT-770',
      service: peer.service,
      status: answer.status,
      what: `the query would read more than connection.maximum-bytes allows, and was not run: ${excerpt(message, peer)}`,
      retryable: false,
    })
  }
  return new QueryFailed(peer, message, reason === 'notFound')
}
