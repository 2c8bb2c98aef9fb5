import * as z from 'zod'
import { tableName } from '../../domain/drift/engine/dialect.js'
import type { EngineValue, QueryEngine, QueryResult } from '../../ports/engine.js'
import { type EngineAnswer, type EnginePeer, send } from './engine-http.js'
import {
  below,
  type EngineSettings,
  requiredKey,
  requiredSecret,
  requireEncryption,
  webAddress,
} from './engine-settings.js'
import { poll, underClock } from './query-clock.js'
import {
  describing,
  QueryFailed,
  queryStopped,
  readJson,
  requireReading,
  rowsMissing,
} from './query-failures.js'
import { sparkDialect } from './spark-dialect.js'
import { lacksSparkTable } from './spark-types.js'
import { type StatementService, statementService } from './statement-service.js'

const Chunk = z.object({
  data_array: z.array(z.array(z.string().nullable())).optional(),
  next_chunk_index: z.number().optional(),
})
const Statement = z.object({
  statement_id: z.string(),
  status: z.object({
    state: z.enum(['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'CLOSED']),
    error: z.object({ message: z.string().default('') }).optional(),
  }),
  manifest: z
    .object({
      schema: z.object({
        columns: z.array(z.object({ name: z.string(), type_text: z.string() })).default([]),
      }),
      total_row_count: z.number().default(0),
      truncated: z.boolean().default(false),
    })
    .optional(),
  result: Chunk.optional(),
})
type Statement = z.output<typeof Statement>
const Failure = z.object({ message: z.string().default(''), error_code: z.string().default('') })

/** Databricks SQL by the Statement Execution API. `warehouse` is the identifier of a SQL warehouse; MODELWAY_DATABRICKS_TOKEN signs in. */
export function createDatabricks(settings: EngineSettings): QueryEngine {
  const service = serviceOf(settings)
  const { peer } = service
  return {
    name: peer.service,
    dialect: sparkDialect,
    query: async (sql, signal) => {
      const { columns, rows } = await run(service, sql, signal)
      return { columns: columns.map(({ name }) => name), rows }
    },
    describe: (table, signal) =>
      describing(peer, table, async () => {
        const sql = `SELECT * FROM ${tableName(sparkDialect, table)} LIMIT 0`
        return (await run(service, sql, signal)).columns.map(({ name, type_text: engineType }) => ({
          name,
          engineType,
          type: sparkDialect.typeOf(engineType),
        }))
      }),
    close: async () => undefined,
  }
}

function serviceOf(settings: EngineSettings): StatementService {
  const url = webAddress(requiredKey(settings, 'url', 'https://dbc-1234.cloud.databricks.com'))
  requireEncryption(url)
  const { catalog, schema } = settings.connection
  return statementService(settings, {
    name: 'Databricks',
    signIn:
      'Set MODELWAY_DATABRICKS_TOKEN to a token that may use the warehouse and read the tables.',
    token: requiredSecret(settings, ['MODELWAY_DATABRICKS_TOKEN']),
    url: below(url, '/api/2.0/sql/statements'),
    context: {
      warehouse_id: requiredKey(settings, 'warehouse', '1234567890abcdef'),
      ...(catalog === undefined ? {} : { catalog }),
      ...(schema === undefined ? {} : { schema }),
      disposition: 'INLINE',
      format: 'JSON_ARRAY',
      wait_timeout: '30s',
      on_wait_timeout: 'CONTINUE',
    },
  })
}

interface Whole {
  readonly columns: readonly { readonly name: string; readonly type_text: string }[]
  readonly rows: QueryResult['rows']
}

async function run(service: StatementService, sql: string, signal: AbortSignal): Promise<Whole> {
  requireReading(sql)
  const { url, headers, peer, context, timeoutMs } = service
  let id: string | undefined
  const body = JSON.stringify({ statement: sql, ...context })
  const work = async (within: AbortSignal): Promise<Whole> => {
    const post = () => ({ method: 'POST' as const, url, headers, body })
    const first = read(await send(post, peer, within), peer)
    id = first.statement_id
    const get = { method: 'GET' as const, url: statementUrl(service, id), headers }
    const ask = async () => ended(read(await send(() => get, peer, within), peer))
    const last = ended(first) ?? (await poll(ask, peer.firstDelayMs, within))
    return await wholeOf(service, last, within)
  }
  const cancel = async (within: AbortSignal): Promise<void> => {
    if (id === undefined) return
    const target = statementUrl(service, id, '/cancel')
    await send(() => ({ method: 'POST', url: target, headers, body: '' }), peer, within)
  }
  return await underClock({ service: peer.service, timeoutMs, signal }, work, cancel)
}

function statementUrl({ url }: StatementService, id: string, path = ''): URL {
  return below(url, `/${encodeURIComponent(id)}${path}`)
}

function ended(statement: Statement): Statement | undefined {
  const { state } = statement.status
  return state === 'PENDING' || state === 'RUNNING' ? undefined : statement
}

async function wholeOf(
  service: StatementService,
  { statement_id: id, status, manifest, result }: Statement,
  signal: AbortSignal,
): Promise<Whole> {
  const { peer, headers } = service
  const message = status.error?.message ?? `the statement is ${status.state}`
  if (status.state === 'CANCELED' || status.state === 'CLOSED') throw queryStopped(peer, message)
  if (status.state !== 'SUCCEEDED' || manifest === undefined) {
    throw new QueryFailed(peer, message, lacksSparkTable(message))
  }
  const rows: (readonly EngineValue[])[] = []
  let chunk = result
  while (chunk !== undefined) {
    for (const row of chunk.data_array ?? []) rows.push(row)
    const next = chunk.next_chunk_index
    if (next === undefined) break
    const url = statementUrl(service, id, `/result/chunks/${next}`)
    const answer = await send(() => ({ method: 'GET', url, headers }), peer, signal)
    if (answer.status !== 200) throw rowsMissing(peer, rows.length, manifest.total_row_count)
    chunk = readJson(Chunk, answer, peer)
  }
  if (manifest.truncated || rows.length !== manifest.total_row_count) {
    throw rowsMissing(peer, rows.length, manifest.total_row_count)
  }
  return { columns: manifest.schema.columns, rows }
}

function read(answer: EngineAnswer, peer: EnginePeer): Statement {
  if (answer.status === 200) return readJson(Statement, answer, peer)
  const { error_code: code, message } = readJson(Failure, answer, peer)
  throw new QueryFailed(peer, `${code} ${message}`)
}
