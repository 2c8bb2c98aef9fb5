import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Table, tableFromIPC } from '@uwdata/flechette'
import { type EngineColumn, tableName } from '../../domain/drift/engine/dialect.js'
import { ExternalError, UserError } from '../../errors.js'
import { type GrpcChannel, GrpcError } from '../../grpc/channel.js'
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
import { openSparkChannel } from './spark-grpc.js'
import { lacksSparkTable } from './spark-types.js'
import {
  type ArrowBatch,
  batchOf,
  executeRequest,
  interruptRequest,
  releaseRequest,
  type SparkSession,
  tellsOfTasks,
} from './spark-wire.js'

const SERVICE = '/spark.connect.SparkConnectService'
const ATTEMPTS = 3

/** Spark by Spark Connect (`sc://host:15002`), which needs neither Java nor Python here. MODELWAY_SPARK_TOKEN signs in. */
export function createSparkConnect(settings: EngineSettings): QueryEngine {
  const { origin, headers, secrets } = endpointOf(settings)
  const peer: EnginePeer = {
    service: `Spark at ${origin.host}`,
    signIn: 'Set MODELWAY_SPARK_TOKEN.',
    secrets,
    firstDelayMs: firstDelayOf(settings),
  }
  const user = settings.connection.user ?? 'modelway'
  const session: SparkSession = { sessionId: randomUUID(), user }
  const channel = openSparkChannel(origin, headers, peer)
  const timeoutMs = timeoutOf(settings)

  async function batches(sql: string, signal: AbortSignal): Promise<readonly ArrowBatch[]> {
    requireReading(sql)
    let running: Running | undefined
    const work = (within: AbortSignal) =>
      repeated(peer, within, async () => {
        running = execute(channel, session, sql)
        return collect(await unlessAborted(running.answer, within), peer)
      })
    const cancel = async (within: AbortSignal): Promise<void> => {
      if (running === undefined) return
      await running.hasTasks(within)
      const request = interruptRequest(session, running.operation)
      await channel.call(`${SERVICE}/Interrupt`, request, { signal: within })
    }
    try {
      return await underClock({ service: peer.service, timeoutMs, signal }, work, cancel)
    } finally {
      running?.leave()
    }
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

interface Running {
  readonly operation: string
  readonly answer: Promise<readonly Buffer[]>
  /** Resolves when tasks run, when nothing runs any more, and when it has waited long enough. */
  hasTasks(signal: AbortSignal): Promise<void>
  leave(): void
}

/**
 * Spark submits the stages of a query in threads of their own, and cancels those that there are when it interrupts the query: a stage
 * that is submitted a moment later would run to its end (seen in 4.3.0). So a query is interrupted once its tasks run, which Spark 4 tells
 * every two seconds.
 */
const MOST_WAIT_FOR_TASKS_MS = 6_000

function execute(channel: GrpcChannel, session: SparkSession, sql: string): Running {
  const operation = randomUUID()
  const left = new AbortController()
  const told = new AbortController()
  const heard = (message: Buffer) => {
    if (tellsOfTasks(message)) told.abort()
  }
  const request = executeRequest(session, operation, sql)
  const answer = channel
    .call(`${SERVICE}/ExecutePlan`, request, { signal: left.signal, heard })
    .finally(() => told.abort())
  // Who cancels no longer waits for it.
  answer.catch(() => undefined)
  const hasTasks = async (signal: AbortSignal): Promise<void> => {
    const either = AbortSignal.any([signal, told.signal])
    await sleep(MOST_WAIT_FOR_TASKS_MS, undefined, { signal: either }).catch(() => undefined)
  }
  return { operation, answer, hasTasks, leave: () => left.abort() }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let stop = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The session's memory there is freed; that it ends by itself after an hour otherwise is no failure of the check. */
async function release(channel: GrpcChannel, session: SparkSession): Promise<void> {
  const limit = AbortSignal.timeout(5_000)
  await channel
    .call(`${SERVICE}/ReleaseSession`, releaseRequest(session), { signal: limit })
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
  return new QueryFailed(peer, message, lacksSparkTable(message))
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
