import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { tableName } from '../../domain/drift/engine/dialect.js'
import { UserError } from '../../errors.js'
import type { QueryEngine, QueryResult } from '../../ports/engine.js'
import { duckdbDialect } from './duckdb-dialect.js'
import { requireInside } from './duckdb-files.js'
import { type DuckDBConnection, loadDuckDB } from './duckdb-package.js'
import { cellOf } from './engine-cell.js'
import type { EnginePeer } from './engine-http.js'
import { type EngineSettings, timeoutOf } from './engine-settings.js'
import { underClock } from './query-clock.js'
import { describing, QueryFailed, queryStopped, requireReading } from './query-failures.js'

const peer: EnginePeer = { service: 'DuckDB', signIn: '', secrets: [], firstDelayMs: 0 }

/**
 * DuckDB in this process, as the user has installed it. `connection.url` names a database (`file:warehouse.duckdb`), which is opened for
 * reading only; without one, tables are files.
 */
export function createDuckDB(settings: EngineSettings): QueryEngine {
  const path = databasePath(settings)
  const timeoutMs = timeoutOf(settings)
  let opened: ReturnType<typeof open> | undefined

  async function query(sql: string, signal: AbortSignal): Promise<QueryResult> {
    requireReading(sql)
    opened ??= open(path, settings)
    const { connect } = await opened
    return await underClock(
      { service: peer.service, timeoutMs, signal },
      async (within) => {
        // Of its own, since what is interrupted is all that a connection does.
        const connection = await connect()
        try {
          return await interruptible(connection, within, () => run(connection, sql))
        } finally {
          connection.closeSync()
        }
      },
      async () => undefined,
    )
  }

  return {
    name: peer.service,
    dialect: duckdbDialect,
    query,
    describe: (table, signal) =>
      describing(peer, table, async () => {
        requireInside(table, settings.workingDirectory)
        const sql = `DESCRIBE SELECT * FROM ${tableName(duckdbDialect, table)}`
        return Described.parse((await query(sql, signal)).rows)
      }),
    close: async () => {
      const database = await opened?.catch(() => undefined)
      database?.close()
    },
  }
}

/** Further columns say about keys and defaults. */
const Described = z.array(
  z.tuple([z.string(), z.string()], z.unknown()).transform(([name, engineType]) => ({
    name,
    engineType,
    type: duckdbDialect.typeOf(engineType),
  })),
)

/** Nothing is fetched from the network but what a table's name asks for, and files are named from the working directory. */
async function open(
  path: string | undefined,
  { workingDirectory }: EngineSettings,
): Promise<{
  readonly connect: () => Promise<DuckDBConnection>
  readonly close: () => void
}> {
  const { DuckDBInstance } = await loadDuckDB(workingDirectory)
  const access = path === undefined ? {} : { access_mode: 'READ_ONLY' }
  const options = { ...access, autoinstall_known_extensions: 'false' }
  try {
    const instance = await DuckDBInstance.create(path ?? ':memory:', options)
    const connect = async (): Promise<DuckDBConnection> => {
      const connection = await instance.connect()
      const folder = duckdbDialect.text(workingDirectory)
      await connection.runAndReadAll(`SET file_search_path = ${folder}`)
      return connection
    }
    return { connect, close: () => instance.closeSync() }
  } catch (error) {
    throw unopened(error)
  }
}

function unopened(cause: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DRIFT-768',
      where: 'modelway.yml: drift.connection.url',
      what: `the database cannot be opened: ${messageOf(cause)}`,
      fix: 'Name a database that this version of DuckDB can read and that no other process writes to.',
    },
    { cause },
  )
}

async function interruptible<T>(
  connection: DuckDBConnection,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const interrupt = () => connection.interrupt()
  signal.addEventListener('abort', interrupt, { once: true })
  try {
    return await work()
  } finally {
    signal.removeEventListener('abort', interrupt)
  }
}

async function run(connection: DuckDBConnection, sql: string): Promise<QueryResult> {
  try {
    const reader = await connection.runAndReadAll(sql)
    return {
      columns: reader.columnNames(),
      rows: reader.getRows().map((row) => row.map(cellOf)),
    }
  } catch (error) {
    const message = messageOf(error)
    if (/^INTERRUPT Error/i.test(message)) throw queryStopped(peer, message)
    const lacksTable =
      /Catalog Error: Table with name|Catalog "[^"]*" does not exist|No files found/i
    throw new QueryFailed(peer, message, lacksTable.test(message))
  }
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error)
}

/** `file:warehouse.duckdb` is in the working directory, `file:///data/warehouse.duckdb` anywhere. */
function databasePath({ connection, workingDirectory }: EngineSettings): string | undefined {
  const { url } = connection
  if (url === undefined) return undefined
  if (url.startsWith('file://')) return fileURLToPath(url)
  const path = /^file:(.+)$/s.exec(url)?.[1]
  if (path === undefined) {
    throw new UserError({
      code: 'MW-DRIFT-769',
      where: 'modelway.yml: drift.connection.url',
      what: 'it names no file',
      fix: 'Write file:warehouse.duckdb, or leave the key out where tables are files.',
    })
  }
  return isAbsolute(path) ? path : join(workingDirectory, path)
}
