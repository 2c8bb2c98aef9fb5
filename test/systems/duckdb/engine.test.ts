import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createDuckDB } from '../../../src/adapters/engine/duckdb.js'
import { duckdbDialect } from '../../../src/adapters/engine/duckdb-dialect.js'
import { CancelledError, type ExternalError, type UserError } from '../../../src/errors.js'
import type { QueryEngine } from '../../../src/ports/engine.js'
import { ensureDuckdb } from '../../../tools/install/duckdb.js'
import {
  expectSameNumbers,
  fromEngine,
  fromFiles,
  hostileRows,
  policyOf,
} from '../engine-agreement.js'
import { csvOf, manyValues } from '../engine-rows.js'
import { systemSuite } from '../system-suite.js'

const NEVER = new AbortController().signal

// @evidence DuckDB: live (@duckdb/node-api 1.5.6-r.1)
await systemSuite('DuckDB as an engine', ensureDuckdb, (installed) => {
  let folder: string
  let engine: QueryEngine

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "modelway-duck'db-"))
    await symlink(join(installed(), 'node_modules'), join(folder, 'node_modules'))
    engine = open()
  })
  afterAll(async () => {
    await engine?.close()
    await rm(folder, { recursive: true, force: true })
  })

  function open(connection: Readonly<Record<string, unknown>> = {}): QueryEngine {
    return createDuckDB({
      connection: { 'timeout-minutes': 5, ...connection },
      env: {},
      workingDirectory: folder,
    })
  }

  it('gives the numbers of a file with nulls, NaN, infinities, ties and names that quotes cannot hold', async () => {
    const [reference, current] = [hostileRows('reference', 1200), hostileRows('current', 900)]
    await writeFile(join(folder, 'reference.csv'), csvOf(reference))
    await writeFile(join(folder, 'current.csv'), csvOf(current))
    const found = await fromEngine(engine, policyOf(), {
      reference: '"reference.csv"',
      current: 'current.csv',
    })
    expectSameNumbers(found, await fromFiles(policyOf(), reference, current))
  }, 120_000)

  it('gives the numbers of the same rows, by buckets', async () => {
    const [reference, current] = [manyValues('reference', 40_000), manyValues('current', 30_000)]
    await writeFile(join(folder, 'many r.csv'), csvOf(reference))
    await writeFile(join(folder, 'many c.csv'), csvOf(current))
    const found = await fromEngine(engine, policyOf(), {
      reference: '"many r.csv"',
      current: '"many c.csv"',
    })
    expectSameNumbers(found, await fromFiles(policyOf(), reference, current))
  }, 120_000)

  it.each(["a'b", 'a\\b', '"', 'line\nbreak\r\t', '\\%_', 'naïve|<b>', "\\'", '\u0001', '日本'])(
    'writes the text and the name %j so that nothing in it ends them',
    async (value) => {
      const { identifier, text } = duckdbDialect
      const sql = `SELECT ${text(value)} AS ${identifier(value)}`
      expect(await engine.query(sql, NEVER)).toEqual({ columns: [value], rows: [[value]] })
    },
  )

  it('knows moments and days in UTC, and gives doubles with every digit', async () => {
    const moment = Date.UTC(2026, 6, 1)
    const kinds = [
      ["TIMESTAMP '2026-07-01'", 'timestamp', 'TIMESTAMP'],
      ["TIMESTAMPTZ '2026-07-01 00:00:00+00'", 'timestamp', 'TIMESTAMP WITH TIME ZONE'],
      ["DATE '2026-07-01'", 'date', 'DATE'],
    ] as const
    for (const [sql, type, engineType] of kinds) {
      const column = { name: 'x', type, engineType }
      const literal = duckdbDialect.timestamp(moment, column)
      const { rows } = await engine.query(
        `SELECT ${duckdbDialect.milliseconds(sql, column)}, ${sql} >= ${literal}, ${sql} < ${literal}, 9007199254740993, ${duckdbDialect.number(1 / 3)}`,
        NEVER,
      )
      expect(rows).toEqual([[moment, true, false, '9007199254740993', 1 / 3]])
    }
  })

  it('says which table or file is missing, what a query did wrong, and sends nothing that writes', async () => {
    for (const table of ['"nothing.parquet"', 'nowhere.nothing', 'a; DROP TABLE b']) {
      const missing = (await engine.describe(table, NEVER).catch((e) => e)) as UserError
      expect(missing.problems[0]?.code).toBe('MW-DRIFT-702')
    }
    const failed = (await engine.query('SELECT 1 +', NEVER).catch((e) => e)) as ExternalError
    expect(failed.details.code).toBe('MW-DRIFT-760')
    await expect(engine.query("COPY (SELECT 1) TO 'x'", NEVER)).rejects.toThrow(TypeError)
  })

  it('names a database that is not there, and an address that is no file', async () => {
    const absent = open({ url: 'file:absent.duckdb' })
    const refused = (await absent.query('SELECT 1', NEVER).catch((e) => e)) as UserError
    expect(refused.problems[0]?.code).toBe('MW-DRIFT-768')
    expect(() => open({ url: 'https://example.com' })).toThrow('MW-DRIFT-769')
  })

  it('interrupts what nobody waits for, and nothing else', async () => {
    const controller = new AbortController()
    const slow = engine.query(
      'SELECT SUM(a.i * b.i % 7) FROM range(3000000) a(i), range(1000000) b(i)',
      controller.signal,
    )
    const other = engine.query('SELECT SUM(i * 1.5) FROM range(2000000) t(i)', NEVER)
    setTimeout(() => controller.abort(), 100)
    await expect(slow).rejects.toThrow(CancelledError)
    expect((await other).rows).toHaveLength(1)
  }, 60_000)
})
