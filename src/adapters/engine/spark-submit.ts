import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExternalError, UserError } from '../../errors.js'
import type { EngineValue, QueryEngine, QueryResult } from '../../ports/engine.js'
import { brokenOff, type EnginePeer, excerpt } from './engine-http.js'
import { type EngineSettings, givenVariable, timeoutOf } from './engine-settings.js'
import { underClock } from './query-clock.js'
import { describing, QueryFailed, requireReading } from './query-failures.js'
import { sparkDialect } from './spark-dialect.js'
import {
  SparkSqlEnded,
  type SparkSqlProcess,
  type SparkSqlStart,
  startSparkSql,
} from './spark-sql-process.js'
import { lineOf, rowOf, statementOf } from './spark-sql-text.js'
import { describeBySelect, lacksSparkTable } from './spark-types.js'

const peer: EnginePeer = { service: "Spark's spark-sql", signIn: '', secrets: [], firstDelayMs: 0 }

/** Errors are printed by another way than rows, and may come a little later. */
const COMPLAINT_MS = 200

/**
 * Spark by a job that `spark-sql` of the user's installation submits (SPARK_HOME, or on the path): one application, which asks one query after
 * the other and ends with the check. `connection.master` says where; otherwise its own `spark-defaults.conf`.
 */
export function createSparkSubmit(settings: EngineSettings): QueryEngine {
  const timeoutMs = timeoutOf(settings)
  let running: SparkSqlProcess | undefined
  let last: Promise<unknown> = Promise.resolve()

  async function one(sql: string, signal: AbortSignal): Promise<QueryResult> {
    const work = (within: AbortSignal): Promise<QueryResult> => {
      if (running?.isRunning() !== true) running = startSparkSql(startOf(settings))
      return ask(running, sql, within)
    }
    // The program has no way to stop one query.
    const cancel = async (): Promise<void> => {
      const gone = running
      running = undefined
      await gone?.end()
    }
    const stopUnlessRefused = async (): Promise<void> => {
      if (!isRefused) await cancel()
    }
    let isRefused = false
    return await underClock(
      { service: peer.service, timeoutMs, signal },
      (within) =>
        work(within).catch((error: unknown) => {
          isRefused = error instanceof QueryFailed
          throw error
        }),
      stopUnlessRefused,
    )
  }

  function query(sql: string, signal: AbortSignal): Promise<QueryResult> {
    requireReading(sql)
    const answer = last.catch(() => undefined).then(() => one(sql, signal))
    last = answer
    return answer
  }

  return {
    name: peer.service,
    dialect: sparkDialect,
    query: async (sql, signal) => await query(sql, signal),
    describe: (table, signal) =>
      describing(peer, table, () => describeBySelect((sql) => query(sql, signal), table)),
    close: async () => {
      await last.catch(() => undefined)
      await running?.end()
    },
  }
}

async function ask(
  program: SparkSqlProcess,
  sql: string,
  signal: AbortSignal,
): Promise<QueryResult> {
  const id = randomUUID().replaceAll('-', '')
  const lines: string[] = []
  let isWhole = false
  program.complaints()
  const isLast = (line: string): boolean => {
    const said = lineOf(line, id)
    if (said?.kind === 'row') lines.push(said.json)
    if (said?.kind === 'ok') isWhole = true
    return said?.kind === 'end'
  }
  try {
    await program.say(statementOf(sql, id), isLast, signal)
  } catch (error) {
    throw error instanceof SparkSqlEnded ? ended(error, program.complaints()) : error
  }
  if (isWhole) return resultOf(lines)
  await sleep(COMPLAINT_MS, undefined, { signal })
  const words = complaintOf(program.complaints())
  throw new QueryFailed(peer, words, lacksSparkTable(words))
}

/** Spark's own errors begin with their class; log lines with a date. */
function complaintOf(lines: readonly string[]): string {
  const own = lines.findLast((line) => /^\[[A-Z][\w.]+\]/.test(line))
  return own ?? lines.findLast((line) => /error|exception/i.test(line)) ?? lines.at(-1) ?? ''
}

function resultOf(lines: readonly string[]): QueryResult {
  let columns: readonly string[] = []
  const rows: (readonly EngineValue[])[] = []
  for (const line of lines) {
    const row = rowOf(line)
    if (row === undefined) throw brokenOff(peer, `a row reads ${line.slice(0, 100)}`)
    columns = row.names
    rows.push(row.values)
  }
  return { columns, rows }
}

function ended(cause: SparkSqlEnded, complaints: readonly string[]): Error {
  if (cause.isMissing) {
    return new UserError(
      {
        code: 'MW-DRIFT-773',
        where: 'environment',
        what: 'there is no program spark-sql',
        fix: 'Set SPARK_HOME to the folder of a Spark installation, or put its bin on the path; Spark Connect and the Thrift server need none.',
      },
      { cause },
    )
  }
  return new ExternalError(
    {
      code: 'MW-DRIFT-774',
      service: peer.service,
      what: `${cause.message} before it answered: ${excerpt(complaintOf(complaints), peer)}`,
      retryable: true,
    },
    { cause },
  )
}

/** Neither tokens of the run nor secrets of other services are the job's to see. */
const NOT_PASSED = /^(?:INPUT_|ACTIONS_|GITHUB_|MODELWAY_)/

function startOf(settings: EngineSettings): SparkSqlStart {
  const { connection, env, workingDirectory: cwd } = settings
  const home = givenVariable(settings, ['SPARK_HOME'])
  const passed = Object.entries(env).filter(([name]) => !NOT_PASSED.test(name))
  const { master } = connection
  return {
    program: home === undefined ? 'spark-sql' : join(home, 'bin', 'spark-sql'),
    args: [
      '-S',
      ...['--name', 'modelway'],
      ...(master === undefined ? [] : ['--master', master]),
      // Nothing in a name or a value stands for a variable.
      ...['--conf', 'spark.sql.variable.substitute=false'],
    ],
    cwd,
    env: Object.fromEntries(passed),
  }
}
