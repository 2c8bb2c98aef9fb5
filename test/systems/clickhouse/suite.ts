import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createClickHouse } from '../../../src/adapters/engine/clickhouse.js'
import { clickhouseDialect } from '../../../src/adapters/engine/clickhouse-dialect.js'
import type { ExternalError, UserError } from '../../../src/errors.js'
import type { QueryEngine } from '../../../src/ports/engine.js'
import {
  type Cell,
  expectSameNumbers,
  fromEngine,
  fromFiles,
  HOSTILE,
  hostileRows,
  policyOf,
  type Rows,
} from '../engine-agreement.js'
import { manyValues } from '../engine-rows.js'
import { PASSWORD, type RunningClickHouse } from './server.js'

export const NEVER = new AbortController().signal

/** What has no booleans writes 0 and 1. */
export interface Edition {
  readonly start: () => Promise<RunningClickHouse>
  readonly boolean: string
  /** Versions before 2020 know `least` in small letters alone. */
  readonly hasBuckets: boolean
}

export interface Open {
  readonly server: () => RunningClickHouse
  readonly open: (user: string, password?: string) => QueryEngine
}

/** What holds for every edition of ClickHouse. */
export function clickhouseSuite({ start, boolean, hasBuckets }: Edition): Open {
  let running: RunningClickHouse
  const { identifier, number, text } = clickhouseDialect

  beforeAll(async () => {
    running = await start()
  }, 120_000)
  afterAll(() => running?.close())

  const server = () => running
  const open = (user: string, password = PASSWORD): QueryEngine => {
    const connection = { url: running.url, user, schema: 'default', 'timeout-minutes': 5 }
    const env = { MODELWAY_CLICKHOUSE_PASSWORD: password }
    return createClickHouse({ connection, env, workingDirectory: '/', firstDelayMs: 20 })
  }

  async function createTable(name: string, rows: Rows, types: readonly string[]): Promise<void> {
    const columns = rows.names.map((column, i) => `${identifier(column)} ${types[i]}`)
    await running.write(`CREATE TABLE ${identifier(name)} (${columns.join(', ')}) ENGINE = Memory`)
    const literal = (value: Cell, i: number): string => {
      if (value === null) return 'NULL'
      if (typeof value === 'boolean') return value ? '1' : '0'
      if (typeof value === 'string') return types[i] === 'Nullable(String)' ? text(value) : value
      if (Number.isFinite(value)) return number(value)
      return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
    }
    for (let at = 0; at < rows.rows.length; at += 5000) {
      const part = rows.rows.slice(at, at + 5000)
      const values = part.map((row) => `(${row.map(literal).join(', ')})`).join(', ')
      await running.write(`INSERT INTO ${identifier(name)} VALUES ${values}`)
    }
  }

  it('gives the numbers of a file with nulls, NaN, infinities, ties and names that quotes cannot hold', async () => {
    const engine = open('modelway')
    const [reference, current] = [hostileRows('reference', 1200), hostileRows('current', 900)]
    const types = ['Nullable(Float64)', 'Nullable(String)', 'Int32', boolean, 'Int64']
    await createTable('refe"re`nce', reference, types)
    await createTable('curr.ent', current, types)
    const ignore = boolean === 'Bool' ? [] : [HOSTILE.flag]
    const policy = policyOf({ columns: { ignore } })
    const found = await fromEngine(engine, policy, {
      reference: 'default."refe""re`nce"',
      current: '"curr.ent"',
    })
    expect(found.columns[0]?.infinities.reference).toBeGreaterThan(0)
    expectSameNumbers(found, await fromFiles(policy, reference, current))
  }, 120_000)

  const bucketsTest = hasBuckets ? it : it.skip
  bucketsTest(
    'gives the numbers of the same rows in a file, by buckets',
    async () => {
      const engine = open('modelway')
      const [reference, current] = [manyValues('reference', 40_000), manyValues('current', 30_000)]
      await createTable('many_r', reference, ['Float64', 'Float64'])
      await createTable('many_c', current, ['Float64', 'Float64'])
      const found = await fromEngine(engine, policyOf(), { reference: 'many_r', current: 'many_c' })
      expectSameNumbers(found, await fromFiles(policyOf(), reference, current))
    },
    120_000,
  )

  it.each(["a'b", 'a\\b', '`', 'line\nbreak\r\t', '\\%_', 'naïve|<b>', "\\'", '\u0001', '日本'])(
    'writes the text and the name %j so that nothing in it ends them',
    async (value) => {
      const sql = `SELECT ${text(value)} AS ${identifier(value)}`
      expect(await open('modelway').query(sql, NEVER)).toEqual({
        columns: [value],
        rows: [[value]],
      })
    },
  )

  it('gives doubles with every digit, whole numbers beyond 2^53 and what is no number as text', async () => {
    const values = [-1.7976931348623157e308, 0.1, 1 / 3]
    const sql = `SELECT ${values.map(number).join(', ')}, 9007199254740993, nan, 1/0, NULL`
    const { rows } = await open('modelway').query(sql, NEVER)
    expect(rows).toEqual([[...values, '9007199254740993', 'nan', 'inf', null]])
  })

  it('knows moments and days in UTC, whatever the time zone of the server', async () => {
    const moment = Date.UTC(2026, 6, 1)
    const kinds = [
      ['toDateTime(1782864000)', 'timestamp', 'DateTime'],
      ["toDate('2026-07-01')", 'date', 'Nullable(Date)'],
    ] as const
    for (const [sql, type, engineType] of kinds) {
      const column = { name: 'x', type, engineType }
      const literal = clickhouseDialect.timestamp(moment, column)
      const { rows } = await open('modelway').query(
        `SELECT ${clickhouseDialect.milliseconds(sql, column)}, ${sql} >= ${literal}, ${sql} < ${literal}`,
        NEVER,
      )
      expect(rows).toEqual([[moment, 1, 0]])
    }
  })

  it('gives null, and not 0, as the least of no rows', async () => {
    const least = `MIN(${clickhouseDialect.asDouble('number')})`
    const { rows } = await open('modelway').query(
      `SELECT ${least} FROM (SELECT number FROM system.numbers LIMIT 9) t WHERE number > 99`,
      NEVER,
    )
    expect(rows).toEqual([[null]])
  })

  it('says which table is missing, what a query did wrong, and sends nothing that writes', async () => {
    const engine = open('modelway')
    for (const table of ['nowhere.nothing', 'nothing', 'a; DROP TABLE b']) {
      const missing = (await engine.describe(table, NEVER).catch((e) => e)) as UserError
      expect(missing.problems[0]?.code).toBe('MW-DRIFT-702')
    }
    // It fails only when rows have been read already.
    const sql =
      'SELECT throwIf(number = 99999) FROM (SELECT number FROM system.numbers LIMIT 100001)'
    const failed = (await engine.query(sql, NEVER).catch((e) => e)) as ExternalError
    expect(failed.details.code).toBe('MW-DRIFT-760')
    expect(failed.details.what).toContain('throwIf')
    await expect(engine.query('DROP TABLE many_r', NEVER)).rejects.toThrow(TypeError)
  })

  return { server, open }
}
