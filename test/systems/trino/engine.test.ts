import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createTrino } from '../../../src/adapters/engine/trino.js'
import { trinoDialect } from '../../../src/adapters/engine/trino-dialect.js'
import { CancelledError, type ExternalError, type UserError } from '../../../src/errors.js'
import type { EngineValue, QueryEngine } from '../../../src/ports/engine.js'
import { ensureTrino } from '../../../tools/install/trino.js'
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
import { systemSuite } from '../system-suite.js'
import { startTrino, type TrinoServer } from './server.js'

const NEVER = new AbortController().signal
const TYPES = ['double', 'varchar', 'integer', 'boolean', 'bigint']
const HOUR = 3_600_000

// @evidence Trino: live (435, a coordinator and two workers)
await systemSuite('Trino as an engine', ensureTrino, (folder) => {
  let server: TrinoServer
  let engine: QueryEngine

  beforeAll(async () => {
    server = await startTrino(folder())
    engine = open(server.url)
  }, 240_000)
  afterAll(() => server?.close())

  function open(url: string): QueryEngine {
    const connection = { url, 'timeout-minutes': 10 }
    return createTrino({ connection, env: {}, workingDirectory: '/' })
  }

  /** What the engine itself never sends: statements that write. */
  async function write(sql: string): Promise<void> {
    const headers = { 'X-Trino-User': 'test' }
    let next: string | undefined = `${server.url}/v1/statement`
    let init: RequestInit = { method: 'POST', body: sql, headers }
    while (next !== undefined) {
      const response: Response = await fetch(next, init)
      const page = (await response.json()) as { nextUri?: string; error?: { message: string } }
      if (page.error !== undefined) throw new Error(page.error.message)
      next = page.nextUri
      init = { headers }
    }
  }

  async function createTable(name: string, { names, rows }: Rows): Promise<void> {
    const literal = (value: Cell, i: number) => {
      if (value === null || typeof value === 'boolean') return String(value)
      if (TYPES[i] === 'varchar') return trinoDialect.text(String(value))
      if (TYPES[i] !== 'double') return String(value)
      if (Number.isNaN(value)) return 'nan()'
      if (!Number.isFinite(value)) return Number(value) > 0 ? 'infinity()' : '-infinity()'
      return trinoDialect.number(Number(value))
    }
    const values = rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ')
    const columns = names.map(trinoDialect.identifier)
    const typed = columns.map((column, i) => `CAST(${column} AS ${TYPES[i]}) AS ${column}`)
    await write(
      `CREATE TABLE memory.default.${trinoDialect.identifier(name)} AS SELECT ${typed.join(', ')} FROM (VALUES ${values}) AS t (${columns.join(', ')})`,
    )
  }

  async function rowsOf(sql: string): Promise<readonly (readonly EngineValue[])[]> {
    return (await engine.query(sql, NEVER)).rows
  }

  it('has three nodes', async () => {
    expect(await rowsOf('SELECT COUNT(*) FROM system.runtime.nodes')).toEqual([[3]])
  }, 60_000)

  it('gives the numbers of the same rows in a file, by buckets', async () => {
    const names = ['quantity', 'extendedprice', 'partkey', 'discount', 'shipmode', 'linenumber']
    const pull = async (condition: string): Promise<Rows> => ({
      names,
      rows: await rowsOf(`SELECT ${names.join(', ')} FROM tpch.tiny.lineitem WHERE ${condition}`),
    })
    const ignore = ['orderkey', 'suppkey', 'tax', 'returnflag', 'linestatus', 'shipdate'].concat([
      ...['commitdate', 'receiptdate', 'shipinstruct', 'comment'],
    ])
    const table = 'tpch.tiny.lineitem'
    const found = await fromEngine(engine, policyOf({ columns: { ignore } }), {
      reference: { where: 'r', table, filters: [{ orderkey: { below: 30_000 } }] },
      current: { where: 'c', table, filters: [{ orderkey: { min: 30_000 } }] },
    })
    const files = await fromFiles(
      policyOf(),
      await pull('orderkey < 30000'),
      await pull('orderkey >= 30000'),
    )
    expect(found.rows.reference).toBeGreaterThan(25_000)
    expect(found.columns.filter(({ test }) => test === 'ks').length).toBeGreaterThanOrEqual(4)
    const order = (body: typeof found) => ({
      ...body,
      columns: body.columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    })
    expectSameNumbers(order(found), order(files))
  }, 300_000)

  it('gives the numbers of a file with nulls, NaN, infinities, ties and names that quotes cannot hold', async () => {
    const [reference, current] = [hostileRows('reference', 1200), hostileRows('current', 900)]
    await createTable('refe"rence', reference)
    await createTable('curr.ent', current)
    const found = await fromEngine(engine, policyOf(), {
      reference: 'memory.default."refe""rence"',
      current: 'memory.default."curr.ent"',
    })
    const files = await fromFiles(policyOf(), reference, current)
    expect(found.columns.map(({ name }) => name)).toEqual(Object.values(HOSTILE))
    expect(found.columns[0]?.infinities.reference).toBeGreaterThan(0)
    expectSameNumbers(found, files)
  }, 300_000)

  it('takes conditions as values, whatever they hold', async () => {
    const everything = "' OR 1 = 1 --"
    const bad = { where: 'r', table: 'memory.default."refe""rence"' }
    const good = { where: 'c', table: 'memory.default."curr.ent"' }
    const found = await fromEngine(engine, policyOf(), {
      reference: { ...bad, filters: [{ [HOSTILE.text]: everything }] },
      current: { ...good, filters: [{ [HOSTILE.text]: ["'; DROP TABLE x; --"] }] },
    })
    expect(found.rows.reference).toBe(0)
    const texts = hostileRows('current', 900).rows.filter((row) => row[1] === "'; DROP TABLE x; --")
    expect(found.rows.current).toBe(texts.length)
  }, 120_000)

  it('finds no table behind a name that is more than a name', async () => {
    const name = 'memory.default."x"" ; SELECT 1 --"'
    const missing = (await engine.describe(name, NEVER).catch((error) => error)) as UserError
    expect(missing.problems[0]?.code).toBe('MW-DRIFT-702')
    const unquoted = engine.describe('memory.default.x; DROP TABLE y', NEVER)
    await expect(unquoted).rejects.toMatchObject({ problems: [{ code: 'MW-DRIFT-702' }] })
    await expect(engine.query('DROP TABLE memory.default.x', NEVER)).rejects.toThrow(TypeError)
  }, 60_000)

  it('keeps a window of time and its seasons', async () => {
    const all = await rowsOf(`SELECT CAST(orderdate AS varchar) FROM tpch.tiny.orders`)
    const days = all.map(([day]) => Date.parse(`${day}T00:00:00Z`))
    const start = Date.UTC(1993, 1, 10)
    const end = Date.UTC(1996, 5, 3)
    const expected = (kind: 'weekday' | 'month', values: readonly number[]) =>
      days.filter((day) => {
        const date = new Date(day)
        const place = kind === 'month' ? date.getUTCMonth() + 1 : ((date.getUTCDay() + 6) % 7) + 1
        return day >= start && day < end && values.includes(place)
      }).length
    for (const season of [
      { kind: 'weekday', values: [1, 7] },
      { kind: 'month', values: [1, 2, 12] },
    ] as const) {
      const time = { column: 'orderdate', start, end, season }
      const ignore = ['orderkey', 'custkey', 'totalprice', 'clerk', 'comment', 'orderpriority']
      const table = { where: 't', table: 'tpch.tiny.orders', filters: [], time }
      const policy = policyOf({ columns: { ignore } })
      const { rows } = await fromEngine(engine, policy, { reference: table, current: table })
      expect(rows.current).toBe(expected(season.kind, season.values))
    }
    const hours = { kind: 'hour', values: [0] } as const
    const table = {
      ...{ where: 't', table: 'tpch.tiny.orders', filters: [] },
      time: { column: 'orderdate', start, end: start + 24 * HOUR, season: hours },
    }
    const policy = policyOf({ columns: { ignore: ['comment', 'clerk', 'totalprice'] } })
    const { rows } = await fromEngine(engine, policy, { reference: table, current: table })
    expect(rows.current).toBe(days.filter((day) => day === start).length)
  }, 180_000)

  it('says what the engine says, and cancels there what nobody waits for', async () => {
    const failing = engine.query('SELECT 1 / 0', NEVER)
    const error = (await failing.catch((caught) => caught)) as ExternalError
    expect(error.details.what).toContain('DIVISION_BY_ZERO')
    const controller = new AbortController()
    const slow = engine.query(
      "SELECT COUNT(*) FROM tpch.sf100.lineitem a WHERE a.comment LIKE '%mw-slow%'",
      controller.signal,
    )
    setTimeout(() => controller.abort(new CancelledError()), 700)
    await expect(slow).rejects.toThrow(CancelledError)
    const state = async () =>
      await rowsOf(
        "SELECT state FROM system.runtime.queries WHERE query LIKE '%sf100%' AND query NOT LIKE '%runtime%'",
      )
    let states = await state()
    for (let i = 0; i < 20 && states.some(([one]) => one !== 'FAILED'); i++) states = await state()
    expect(states).toEqual([['FAILED']])
  }, 120_000)
})
