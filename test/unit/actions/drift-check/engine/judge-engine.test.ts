import { describe, expect, it } from '@jest/globals'
import { judgeEngine } from '../../../../../src/actions/drift-check/engine/judge-engine.js'
import type { EngineColumn } from '../../../../../src/domain/drift/engine/dialect.js'
import type { QueryEngine } from '../../../../../src/ports/engine.js'
import { driftContext } from '../drift-context.js'
import { scripted } from './scripted-engine.js'

const columns: readonly EngineColumn[] = [
  { name: 's', type: 'string', engineType: 'varchar' },
  { name: 't', type: 'timestamp', engineType: 'timestamp(3)' },
]
const tables = { 'lake.ref': columns, 'lake.cur': columns }
const config = 'reference: lake.ref\ncurrent: lake.cur\nengine: trino\n'
const time = `${config}time: { column: t, window: 1d, windows: 2, season: weekday }\n`

/** Both samples alike but for so many times that are missing now, the newest row at a time. */
function alike(newest: string | null, rows = 500, lost = 0) {
  const summary = (missing: number) => [[rows, rows, 2, missing, rows - missing, 0, 1, 2, '[]']]
  const counts = [
    ['a', 0.4 * rows],
    ['b', 0.6 * rows],
  ] as const
  return scripted(tables, [
    [/COUNT\(\*\), COUNT.*"cur"/s, summary(lost)],
    [/COUNT\(\*\), COUNT/, summary(0)],
    [/MAX\(/, [[newest === null ? null : Date.parse(newest)]]],
    [/IS NOT NULL/, rows === 0 ? [] : counts],
  ])
}

async function judge(engine: QueryEngine, settings = config) {
  const context = driftContext({ folder: '/', config: settings, now: '2026-03-10T06:00:00Z' })
  return await judgeEngine(context, { openEngine: async () => engine })
}

describe('judging tables of an engine', () => {
  it('gives one body of all rows, about what was counted, and closes the engine', async () => {
    const engine = alike(null)
    const judged = await judge(engine)
    expect(judged).toMatchObject({ state: 'judged', earlier: [], extras: {} })
    expect(judged.last.body).toMatchObject({
      decision: 'pass',
      rows: { reference: 500, current: 500 },
    })
    expect(judged.last.body.columns.map(({ name }) => name)).toEqual(['s'])
    expect(judged.subject[0]?.name).toBe('trino:lake.cur')
    expect(judged.reference[0]?.name).toBe('trino:lake.ref')
    const digests = [judged.subject[0], judged.reference[0]].map((one) => one?.digest.sha256)
    expect(new Set(digests).size).toBe(2)
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(engine.closed()).toBe(1)
  })

  it('compares what is missing of a timestamp, and asks for nothing else of it', async () => {
    const engine = alike(null, 500, 200)
    const { columns: found, findings } = (await judge(engine)).last.body
    expect(found.find(({ name }) => name === 't')).toMatchObject({
      status: 'drifted',
      test: null,
      reason: 'missing cells went from 0% to 40%',
    })
    expect(findings).toMatchObject([{ kind: 'null-rate', column: 't' }])
    // One summary a table, and the categories of the other column in each.
    expect(engine.asked).toHaveLength(4)
    const usual = (await judge(alike(null))).last.body
    expect(usual.findings).toMatchObject([{ kind: 'not-compared', column: 't' }])
  })

  it('the time that windows are cut by is not compared', async () => {
    const judged = await judge(alike('2026-03-09T15:00:00Z', 500, 200), time)
    expect(judged.last.body.findings).toMatchObject([{ kind: 'not-compared', column: 't' }])
    expect(judged.last.body.findings[0]?.detail).toContain('windows are cut by')
    expect(judged.last.body.columns.map(({ name }) => name)).toEqual(['s'])
  })

  it('takes conditions on rows of both, and of one', async () => {
    const engine = alike(null)
    await judge(
      engine,
      `${config}rows: { where: { s: [a, b] }, current: { s: { not-in: [c] } } }\n`,
    )
    const of = (table: string) => engine.asked.filter((sql) => sql.includes(table))
    for (const sql of of('"cur"')) expect(sql).toMatch(/IN \('a', 'b'\).*NOT .*IN \('c'\)/s)
    for (const sql of of('"ref"')) expect(sql).not.toContain("'c'")
  })

  it('has windows up to the newest row, each against the reference of its season', async () => {
    const engine = alike('2026-03-09T15:00:00Z')
    const judged = await judge(engine, time)
    expect(judged.state).toBe('judged')
    const windows = [...judged.earlier, judged.last].map(({ window }) => window)
    expect(windows).toEqual([
      { start: Date.UTC(2026, 2, 8), end: Date.UTC(2026, 2, 9) },
      { start: Date.UTC(2026, 2, 9), end: Date.UTC(2026, 2, 10) },
    ])
    const current = engine.asked.filter((sql) => sql.includes('"cur"') && sql.includes('"t" >='))
    expect(current.some((sql) => sql.includes("TIMESTAMP '2026-03-08 00:00:00.000'"))).toBe(true)
    const reference = engine.asked.filter((sql) => sql.includes('"ref"'))
    // 2026-03-08 was a Sunday.
    expect(reference.some((sql) => sql.includes('IN (7E+0)'))).toBe(true)
    expect(reference.some((sql) => sql.includes('IN (1E+0)'))).toBe(true)
  })

  it('says that there is no data where no row has a time, and where the last window is empty', async () => {
    const none = await judge(alike(null), time)
    expect(none).toMatchObject({ state: 'no-data', earlier: [] })
    expect(none.last.body).toMatchObject({ decision: 'inconclusive', columns: [] })
    const empty = await judge(alike('2026-03-09T15:00:00Z', 0), time)
    expect(empty.state).toBe('no-data')
    expect(empty.last.body.reason).toContain('no drift, and not its absence')
  })

  it('refuses a window in the future, and an empty table', async () => {
    const future = time.replace('window: 1d', 'window: 1d, end: 2027-01-01')
    await expect(judge(alike('2026-03-09T15:00:00Z'), future)).rejects.toThrow('MW-DRIFT-012')
    const engine = alike(null, 0)
    await expect(judge(engine)).rejects.toThrow('MW-DRIFT-713')
    expect(engine.closed()).toBe(1)
  })

  it('refuses what an engine cannot do, and several tables, before it is opened', async () => {
    const closed = alike(null)
    const context = (settings: string) => driftContext({ folder: '/', config: settings })
    const ports = {
      openEngine: async () => {
        throw new Error('it was opened')
      },
    }
    const sample = context(`${config}rows: { sample: 10 }\n`)
    await expect(judgeEngine(sample, ports)).rejects.toThrow('MW-DRIFT-703')
    const two = context('reference: [a, b]\ncurrent: c\nengine: trino\n')
    await expect(judgeEngine(two, ports)).rejects.toThrow('MW-DRIFT-710')
    expect(closed.asked).toEqual([])
  })
})
