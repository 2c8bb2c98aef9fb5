import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { sparkDialect } from '../../../src/adapters/engine/spark-dialect.js'
import { CancelledError, type ExternalError, type UserError } from '../../../src/errors.js'
import type { QueryEngine } from '../../../src/ports/engine.js'
import {
  expectSameNumbers,
  fromEngine,
  fromFiles,
  HOSTILE,
  hostileRows,
  policyOf,
} from '../engine-agreement.js'
import { inOrderOfNames, writeJsonRows } from './json-rows.js'

const NEVER = new AbortController().signal

/** What holds however Spark is reached; `begin` gives what opens an engine. */
export function viaSuite(begin: () => Promise<(minutes?: number) => QueryEngine>): void {
  let open: (minutes?: number) => QueryEngine
  let engine: QueryEngine
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-spark-rows-'))
    open = await begin()
    engine = open()
  }, 240_000)
  afterAll(async () => {
    await engine?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('gives the numbers of a file with nulls, NaN, infinities, ties and names that quotes cannot hold', async () => {
    const reference = inOrderOfNames(hostileRows('reference', 1200))
    const current = inOrderOfNames(hostileRows('current', 900))
    const paths = { reference: join(folder, 'r.json'), current: join(folder, 'c.json') }
    await writeJsonRows(paths.reference, reference, [HOSTILE.big])
    await writeJsonRows(paths.current, current, [HOSTILE.big])
    const found = await fromEngine(engine, policyOf(), {
      reference: `json.\`${paths.reference}\``,
      current: `json.\`${paths.current}\``,
    })
    expect(found.columns.map(({ name }) => name).toSorted()).toEqual(
      Object.values(HOSTILE).toSorted(),
    )
    expectSameNumbers(found, await fromFiles(policyOf(), reference, current))
  }, 300_000)

  it.each(["a'b", 'a\\b', '`', 'a; b', 'line\nbreak\r\t', "-- /* '", 'naïve|<b>', "\\'", '日本'])(
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
    const sql = `SELECT ${values.map(number).join(', ')}, 9007199254740993, 7, CAST('NaN' AS DOUBLE), CAST(NULL AS INT), TRUE`
    const { rows } = await engine.query(sql, NEVER)
    expect(rows).toEqual([[...values, '9007199254740993', 7, 'NaN', null, true]])
  }, 60_000)

  it('gives all rows of a large answer', async () => {
    const { rows } = await engine.query('SELECT id FROM range(25001)', NEVER)
    expect(rows.map(([id]) => Number(id)).toSorted((a, b) => a - b)).toEqual([
      ...Array(25_001).keys(),
    ])
  }, 60_000)

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
    const own = open()
    await expect(own.query(slow, controller.signal)).rejects.toThrow(CancelledError)
    await own.close()
    const hurried = open(0.02)
    const late = (await hurried.query(slow, NEVER).catch((e) => e)) as ExternalError
    expect(late.details.code).toBe('MW-DRIFT-764')
    await hurried.close()
  }, 120_000)
}
