import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Table, tableFromIPC } from '@uwdata/flechette'
import { type EngineColumn, tableName } from '../../domain/drift/engine/dialect.js'
import { ExternalError, UserError } from '../../errors.js'
import type { QueryEngine, QueryResult } from '../../ports/engine.js'
import { cellOf } from './engine-cell.js'
import { brokenOff, type EnginePeer } from './engine-http.js'
import {
  type EngineSettings,
  firstDelayOf,
  givenVariable,
  headerValue,
  requiredKey,
  requireEncryption,
  timeoutOf,
} from './engine-settings.js'
import { underClock } from './query-clock.js'
import {
  describing,
  QueryFailed,
  queryStopped,
  requireReading,
  rowsMissing,
} from './query-failures.js'
import { engineTypeOf } from './spark-arrow.js'
import { sparkDialect } from './spark-dialect.js'
import { type GrpcChannel, GrpcError, openChannel } from './spark-grpc.js'
import {
  type ArrowBatch,
  batchOf,
  executeRequest,
  interruptRequest,
  releaseRequest,
  type SparkSession,
} from './spark-wire.js'

const SERVICE = '/spark.connect.SparkConnectService'
const ATTEMPTS = 3

/** Spark by Spark Connect (`sc://host:15002`), which needs neither Java nor Python here. MODELWAY_SPARK_TOKEN signs in. */
export function createSpark(settings: EngineSettings): QueryEngine {
  const { origin, headers, secrets } = endpointOf(settings)
  const peer: EnginePeer = {
    service: `Spark at ${origin.host}`,
    signIn: 'Set MODELWAY_SPARK_TOKEN.',
    secrets,
    firstDelayMs: firstDelayOf(settings),
  }
  const user = settings.connection.user ?? 'modelway'
  const session: SparkSession = { sessionId: randomUUID(), user }
  const channel = openChannel(origin, headers, peer)
  const timeoutMs = timeoutOf(settings)

  async function batches(sql: string, signal: AbortSignal): Promise<readonly ArrowBatch[]> {
    requireReading(sql)
    let operation = ''
    const work = (within: AbortSignal) =>
      repeated(peer, within, async () => {
        operation = randomUUID()
        const request = executeRequest(session, operation, sql)
        return collect(await channel.call(`${SERVICE}/ExecutePlan`, request, within), peer)
      })
    const cancel = async (within: AbortSignal): Promise<void> => {
      const request = interruptRequest(session, operation)
      await channel.call(`${SERVICE}/Interrupt`, request, within)
    }
    return await underClock({ service: peer.service, timeoutMs, signal }, work, cancel)
  }

  return {
    name: peer.service,
    dialect: sparkDialect,
    query: async (sql, signal) => resultOf(tablesOf(await batches(sql, signal), peer)),
    describe: (table, signal) =>
      describing(peer, table, async () => {
        const sql = `SELECT * FROM ${tableName(sparkDialect, table)} LIMIT 0`
        const [first] = tablesOf(await batches(sql, signal), peer)
        return (first?.schema.fields ?? []).map(({ name, type }): EngineColumn => {
          const engineType = engineTypeOf(type)
          return { name, engineType, type: sparkDialect.typeOf(engineType) }
        })
      }),
    close: () => release(channel, session),
  }
}

/** The session's memory there is freed; that it ends by itself after an hour otherwise is no failure of the check. */
async function release(channel: GrpcChannel, session: SparkSession): Promise<void> {
  const limit = AbortSignal.timeout(5_000)
  await channel
    .call(`${SERVICE}/ReleaseSession`, releaseRequest(session), limit)
    .catch(() => undefined)
  channel.close()
}

/** Connections that were lost are made again; what Spark refuses is not asked again. */
async function repeated<T>(
  peer: EnginePeer,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof GrpcError) throw refusalOf(error, peer)
      const mayPass = error instanceof ExternalError && error.details.retryable
      if (!mayPass || attempt >= ATTEMPTS || signal.aborted) throw error
      await sleep(peer.firstDelayMs * 2 ** (attempt - 1), undefined, { signal })
    }
  }
}

/** The first line says it; the query's plan follows. */
function refusalOf({ status, message: words }: GrpcError, peer: EnginePeer): Error {
  const message = words.trim().split('\n', 1)[0] ?? ''
  const isStopped = status === 1 || /OPERATION_CANCELED|OPERATION_ABANDONED/.test(message)
  if (isStopped) return queryStopped(peer, message)
  return new QueryFailed(peer, message, /TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND/.test(message))
}

function collect(messages: readonly Buffer[], peer: EnginePeer): readonly ArrowBatch[] {
  try {
    return messages.map(batchOf).filter((batch) => batch !== undefined)
  } catch (error) {
    throw brokenOff(peer, 'a message of Spark Connect cannot be read', error)
  }
}

function tablesOf(batches: readonly ArrowBatch[], peer: EnginePeer): readonly Table[] {
  return batches.map(({ rows, data }) => {
    let table: Table
    try {
      // A copy begins at an address that numbers of eight bytes may have.
      table = tableFromIPC(new Uint8Array(data), { useBigInt: true })
    } catch (error) {
      throw brokenOff(peer, 'a batch of Arrow cannot be read', error)
    }
    if (table.numRows !== rows) throw rowsMissing(peer, table.numRows, rows)
    return table
  })
}

function resultOf(tables: readonly Table[]): QueryResult {
  const rows = tables.flatMap((table) => {
    const columns = table.children
    return Array.from({ length: table.numRows }, (_, row) =>
      columns.map((column) => cellOf(column.at(row))),
    )
  })
  return { columns: (tables[0]?.schema.fields ?? []).map(({ name }) => name), rows }
}

interface Endpoint {
  readonly origin: URL
  readonly headers: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
}

/** `sc://host:port/;use_ssl=true`, as Spark's own clients have it, or http:// and https://. */
function endpointOf(settings: EngineSettings): Endpoint {
  const url = requiredKey(settings, 'url', 'sc://spark.example.com:15002')
  const [, scheme, authority, parameters = ''] =
    /^(sc|http|https):\/\/([^/@;?#]+)\/?((?:;[^/?#]*)?)$/.exec(url) ?? []
  if (scheme === undefined || authority === undefined || /;\s*token=/i.test(parameters)) {
    throw new UserError({
      code: 'MW-DRIFT-765',
      where: 'modelway.yml: drift.connection.url',
      what: 'it is no address of Spark Connect, or holds a user or a token',
      fix: 'Write it as sc://host:15002, or sc://host:443/;use_ssl=true; the token is the environment variable MODELWAY_SPARK_TOKEN.',
    })
  }
  const isSecure = scheme === 'https' || /;\s*use_ssl=true/i.test(parameters)
  const port = scheme === 'sc' && !/:\d+$/.test(authority) ? ':15002' : ''
  const origin = new URL(`${isSecure ? 'https' : 'http'}://${authority}${port}`)
  const token = givenVariable(settings, ['MODELWAY_SPARK_TOKEN'])
  if (token === undefined) return { origin, headers: {}, secrets: [] }
  requireEncryption(origin)
  const authorization = `Bearer ${headerValue(token, 'MODELWAY_SPARK_TOKEN')}`
  return { origin, headers: { authorization }, secrets: [token] }
}
