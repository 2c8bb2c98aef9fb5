import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createSpark } from '../../../src/adapters/engine/spark.js'
import { sparkDialect } from '../../../src/adapters/engine/spark-dialect.js'
import { CancelledError, type ExternalError, type UserError } from '../../../src/errors.js'
import type { QueryEngine } from '../../../src/ports/engine.js'
import { ensureSpark } from '../../../tools/install/spark.js'
import {
  expectSameNumbers,
  fromEngine,
  fromFiles,
  HOSTILE,
  hostileRows,
  policyOf,
  type Rows,
} from '../engine-agreement.js'
import { csvOf, manyValues } from '../engine-rows.js'
import { systemSuite } from '../system-suite.js'
import { noTasks } from './no-tasks.js'
import { type SparkServer, startSpark } from './server.js'

const NEVER = new AbortController().signal

// @evidence Spark, by Spark Connect: live (4.3.0, two executors)
await systemSuite('Spark as an engine', ensureSpark, (home) => {
  let server: SparkServer
  let engine: QueryEngine
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-spark-data-'))
    server = await startSpark(home())
    engine = open()
  }, 240_000)
  afterAll(async () => {
    await engine?.close()
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  function open(minutes = 5, env: Record<string, string> = {}): QueryEngine {
    const connection = { url: server.url, 'timeout-minutes': minutes }
    return createSpark({ connection, env, workingDirectory: '/', firstDelayMs: 20 })
  }

  async function createView(name: string, rows: Rows, types: readonly string[]): Promise<void> {
    const path = join(folder, `${name}.csv`)
    await writeFile(path, csvOf(rows))
    const columns = rows.names.map((column, i) => `${sparkDialect.identifier(column)} ${types[i]}`)
    await server.write(
      `CREATE GLOBAL TEMPORARY VIEW ${name} (${columns.join(', ')}) USING csv OPTIONS (path ${sparkDialect.text(path)}, header 'true', multiLine 'true', escape '"')`,
    )
  }

  it('gives the numbers of a file with nulls, NaN, infinities, ties and names that quotes cannot hold', async () => {
    const [reference, current] = [hostileRows('reference', 1200), hostileRows('current', 900)]
    const types = ['DOUBLE', 'STRING', 'INT', 'BOOLEAN', 'BIGINT']
    await createView('hostile_r', reference, types)
    await createView('hostile_c', current, types)
    const found = await fromEngine(engine, policyOf(), {
      reference: 'global_temp.hostile_r',
      current: 'global_temp.hostile_c',
    })
    expect(found.columns.map(({ name }) => name)).toEqual(Object.values(HOSTILE))
    expect(found.columns[0]?.infinities.reference).toBeGreaterThan(0)
    expectSameNumbers(found, await fromFiles(policyOf(), reference, current))
  }, 300_000)

  it('gives the numbers of the same rows in a file, by buckets', async () => {
    const [reference, current] = [manyValues('reference', 40_000), manyValues('current', 30_000)]
    await createView('many_r', reference, ['DOUBLE', 'DOUBLE'])
    await createView('many_c', current, ['DOUBLE', 'DOUBLE'])
    const found = await fromEngine(engine, policyOf(), {
      reference: 'global_temp.many_r',
      current: 'global_temp.many_c',
    })
    expectSameNumbers(found, await fromFiles(policyOf(), reference, current))
  }, 300_000)

  it.each(["a'b", 'a\\b', '`', 'line\nbreak\r\t', '\\%_', 'naïve|<b>', "\\'", '\u0001', '日本'])(
    'writes the text and the name %j so that nothing in it ends them',
    async (text) => {
      const { identifier, text: literal } = sparkDialect
      const found = await engine.query(`SELECT ${literal(text)} AS ${identifier(text)}`, NEVER)
      expect(found).toEqual({ columns: [text], rows: [[text]] })
    },
    60_000,
  )

  it('gives doubles with every digit and whole numbers beyond 2^53 as text', async () => {
    const { number } = sparkDialect
    const values = [5e-324, -1.7976931348623157e308, 0.1, 1 / 3]
    const sql = `SELECT ${values.map(number).join(', ')}, 9007199254740993, 7, CAST('NaN' AS DOUBLE)`
    const { rows } = await engine.query(sql, NEVER)
    expect(rows).toEqual([[...values, '9007199254740993', 7, 'NaN']])
  }, 60_000)

  it('knows moments in UTC, whatever the time zone of the session', async () => {
    const moment = Date.UTC(2026, 6, 1)
    const kinds = [
      ["TIMESTAMP '2026-07-01 00:00:00Z'", 'timestamp', 'timestamp'],
      ["TIMESTAMP_NTZ '2026-07-01 00:00:00'", 'timestamp', 'timestamp_ntz'],
      ["DATE '2026-07-01'", 'date', 'date'],
    ] as const
    for (const [sql, type, engineType] of kinds) {
      const column = { name: 'x', type, engineType }
      const literal = sparkDialect.timestamp(moment, column)
      const { rows } = await engine.query(
        `SELECT ${sparkDialect.milliseconds(sql, column)}, ${sql} >= ${literal}, ${sql} < ${literal}`,
        NEVER,
      )
      expect(rows).toEqual([[moment, true, false]])
    }
  }, 120_000)

  it('says which table is missing, what a query did wrong, and sends nothing that writes', async () => {
    const missing = (await engine.describe('nowhere.nothing', NEVER).catch((e) => e)) as UserError
    expect(missing.problems[0]?.code).toBe('MW-DRIFT-702')
    const failing = engine.query("SELECT raise_error('boom 100%')", NEVER)
    const failed = (await failing.catch((e) => e)) as ExternalError
    expect(failed.details.code).toBe('MW-DRIFT-760')
    expect(failed.details.what).toContain('boom 100%')
    await expect(engine.query('CREATE TABLE x (a INT)', NEVER)).rejects.toThrow(TypeError)
  }, 60_000)

  it('waits no longer for what nobody wants, nor for what takes too long', async () => {
    const slow = 'SELECT SUM(id % 7) FROM range(1000000000000)'
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 700)
    await expect(engine.query(slow, controller.signal)).rejects.toThrow(CancelledError)
    const hurried = open(0.02)
    const late = (await hurried.query(slow, NEVER).catch((e) => e)) as ExternalError
    expect(late.details.code).toBe('MW-DRIFT-764')
    await hurried.close()
  }, 120_000)

  it.each([0, 20, 100, 1500])(
    'leaves no task behind of what is given up after %i ms, whatever Spark is at',
    async (delay) => {
      const own = open()
      const controller = new AbortController()
      const long = own.query('SELECT SUM(id % 7) FROM range(1000000000000)', controller.signal)
      setTimeout(() => controller.abort(), delay)
      await expect(long).rejects.toThrow(CancelledError)
      await noTasks(server)
      await own.close()
    },
    60_000,
  )
})
