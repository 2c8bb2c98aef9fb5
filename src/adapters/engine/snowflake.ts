import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { tableName } from '../../domain/drift/engine/dialect.js'
import type { EngineValue, QueryEngine, QueryResult } from '../../ports/engine.js'
import { type EngineAnswer, type EnginePeer, send } from './engine-http.js'
import {
  below,
  type EngineSettings,
  givenVariable,
  requiredKey,
  requiredSecret,
  requireEncryption,
  timeoutOf,
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
import { snowflakeDialect } from './snowflake-dialect.js'
import { type StatementService, statementService } from './statement-service.js'

const Rows = z.array(z.array(z.string().nullable()))
const ResultSet = z.object({
  resultSetMetaData: z.object({
    numRows: z.number(),
    rowType: z.array(z.object({ name: z.string(), type: z.string() })),
    partitionInfo: z.array(z.object({ rowCount: z.number() })).default([]),
  }),
  data: Rows,
  statementHandle: z.string(),
})
type ResultSet = z.output<typeof ResultSet>
const Partition = z.object({ data: Rows })
const Running = z.object({ statementHandle: z.string() })
const Failure = z.object({ code: z.string().default(''), message: z.string().default('') })

/** "Object does not exist or not authorized", and the same of a database or schema in use. */
const NO_TABLE = new Set(['002003', '002043'])
const STOPPED = new Set(['000604', '000630'])

/**
 * Snowflake by its SQL API. MODELWAY_SNOWFLAKE_TOKEN is a programmatic access token, an OAuth token or a key-pair JWT
 * (MODELWAY_SNOWFLAKE_TOKEN_TYPE tells where Snowflake cannot); `catalog`, `schema` and `warehouse` are in the case that Snowflake keeps.
 */
export function createSnowflake(settings: EngineSettings): QueryEngine {
  const service = serviceOf(settings)
  const { peer } = service
  return {
    name: peer.service,
    dialect: snowflakeDialect,
    query: (sql, signal) => query(service, sql, signal),
    describe: (table, signal) =>
      describing(peer, table, async () => {
        const sql = `DESCRIBE TABLE ${tableName(snowflakeDialect, table)}`
        return Described.parse((await query(service, sql, signal)).rows)
      }),
    close: async () => undefined,
  }
}

/** Further columns say about kinds, nulls and defaults. */
const Described = z.array(
  z.tuple([z.string(), z.string()], z.unknown()).transform(([name, engineType]) => ({
    name,
    engineType,
    type: snowflakeDialect.typeOf(engineType),
  })),
)

function serviceOf(settings: EngineSettings): StatementService {
  const url = webAddress(requiredKey(settings, 'url', 'https://account.snowflakecomputing.com'))
  requireEncryption(url)
  const type = givenVariable(settings, ['MODELWAY_SNOWFLAKE_TOKEN_TYPE'])
  const { catalog, schema, warehouse } = settings.connection
  return statementService(settings, {
    name: 'Snowflake',
    signIn:
      'Set MODELWAY_SNOWFLAKE_TOKEN (and MODELWAY_SNOWFLAKE_TOKEN_TYPE, such as PROGRAMMATIC_ACCESS_TOKEN).',
    token: requiredSecret(settings, ['MODELWAY_SNOWFLAKE_TOKEN']),
    url: below(url, '/api/v2/statements'),
    headers: type === undefined ? {} : { 'X-Snowflake-Authorization-Token-Type': type },
    context: {
      timeout: Math.max(1, Math.ceil(timeoutOf(settings) / 1000)),
      ...(catalog === undefined ? {} : { database: catalog }),
      ...(schema === undefined ? {} : { schema }),
      ...(warehouse === undefined ? {} : { warehouse }),
      parameters: { timezone: 'UTC' },
    },
  })
}

async function query(
  service: StatementService,
  sql: string,
  signal: AbortSignal,
): Promise<QueryResult> {
  requireReading(sql)
  const { peer, timeoutMs } = service
  let handle: string | undefined
  const work = async (within: AbortSignal): Promise<QueryResult> => {
    const began = (started: string) => {
      handle = started
    }
    const first = await run(service, { sql, began }, within)
    const exact = exactSql(first)
    const whole = exact === undefined ? first : await run(service, { sql: exact, began }, within)
    const rows = await rowsOf(service, whole, within)
    const types = first.resultSetMetaData.rowType
    return {
      columns: types.map(({ name }) => name),
      rows: rows.map((row) => row.map((cell, at) => cellOf(cell, types[at]?.type))),
    }
  }
  const cancel = async (within: AbortSignal): Promise<void> => {
    if (handle === undefined) return
    const url = below(service.url, `/${encodeURIComponent(handle)}/cancel`)
    await send(() => ({ method: 'POST', url, headers: service.headers, body: '' }), peer, within)
  }
  return await underClock({ service: peer.service, timeoutMs, signal }, work, cancel)
}

/** Doubles come with some of their digits; the format TME has all, so the result that is kept there is read in that format. */
function exactSql({ resultSetMetaData, statementHandle }: ResultSet): string | undefined {
  const { rowType } = resultSetMetaData
  const isDouble = rowType.map(({ type }) => /^(?:real|float|double)$/i.test(type))
  if (!isDouble.includes(true) || !/^[\w-]+$/.test(statementHandle)) return undefined
  const columns = isDouble.map((double, at) =>
    double ? `TO_VARCHAR($${at + 1}, 'TME')` : `$${at + 1}`,
  )
  return `SELECT ${columns.join(', ')} FROM TABLE(RESULT_SCAN('${statementHandle}'))`
}

interface Statement {
  readonly sql: string
  readonly began: (handle: string) => void
}

/** The same `requestId` in each attempt: it is run once. */
async function run(
  { url, headers, peer, context }: StatementService,
  { sql, began }: Statement,
  signal: AbortSignal,
): Promise<ResultSet> {
  const target = new URL(url)
  target.searchParams.set('requestId', randomUUID())
  const body = JSON.stringify({ statement: sql, ...context })
  let attempt = 0
  const make = () => {
    if (attempt++ > 0) target.searchParams.set('retry', 'true')
    return { method: 'POST' as const, url: target, headers, body }
  }
  const first = await send(make, peer, signal)
  if (first.status !== 202) return resultSet(first, peer, began)
  const { statementHandle } = readJson(Running, first, peer)
  began(statementHandle)
  const status = below(url, `/${encodeURIComponent(statementHandle)}`)
  const ask = async (): Promise<EngineAnswer | undefined> => {
    const answer = await send(() => ({ method: 'GET', url: status, headers }), peer, signal)
    return answer.status === 202 ? undefined : answer
  }
  return resultSet(await poll(ask, peer.firstDelayMs, signal), peer, began)
}

function resultSet(answer: EngineAnswer, peer: EnginePeer, began: Statement['began']): ResultSet {
  if (answer.status === 200) {
    const found = readJson(ResultSet, answer, peer)
    began(found.statementHandle)
    return found
  }
  const { code, message } = readJson(Failure, answer, peer)
  if (answer.status === 408 || STOPPED.has(code)) throw queryStopped(peer, message)
  throw new QueryFailed(peer, `${code} ${message}`, NO_TABLE.has(code))
}

/** The first partition comes with the answer. */
async function rowsOf(
  { url, headers, peer }: StatementService,
  { data, resultSetMetaData, statementHandle }: ResultSet,
  signal: AbortSignal,
): Promise<readonly (readonly (string | null)[])[]> {
  const rows = [...data]
  for (let part = 1; part < resultSetMetaData.partitionInfo.length; part++) {
    const target = below(url, `/${encodeURIComponent(statementHandle)}`)
    target.searchParams.set('partition', String(part))
    const answer = await send(() => ({ method: 'GET', url: target, headers }), peer, signal)
    if (answer.status !== 200) throw rowsMissing(peer, rows.length, resultSetMetaData.numRows)
    rows.push(...readJson(Partition, answer, peer).data)
  }
  if (rows.length === resultSetMetaData.numRows) return rows
  throw rowsMissing(peer, rows.length, resultSetMetaData.numRows)
}

/** Every value comes as text. */
function cellOf(value: string | null, type: string | undefined): EngineValue {
  if (value === null || type?.toLowerCase() !== 'boolean') return value
  return value === 'true' || value === '1'
}
