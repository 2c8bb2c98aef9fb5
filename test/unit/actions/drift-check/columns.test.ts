import { describe, expect, it } from '@jest/globals'
import { UserError } from '../../../../src/errors.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'
import { copyFixture } from './arrange.js'
import { checkDrift, csv, spread } from './drift-context.js'

const folder = useTemporaryFolder()

const check = (more = '') =>
  checkDrift({ folder: folder.path, config: `{reference: a.csv, current: b.csv${more}}` })

const WORDS = 'the loan was paid back in time by every customer of our bank last year'.split(' ')
const OTHERS = 'gratis casino bonus jetzt sichern und heute noch reich werden ohne risiko'.split(
  ' ',
)
const text = (words: readonly string[], i: number) =>
  Array.from({ length: 8 }, (_, k) => words[Math.floor(spread(i * 8 + k) * words.length)]).join(' ')

describe('schemas that differ', () => {
  it('are findings of the verdict: a column that is absent is open, a new one is told', async () => {
    folder.write(
      'a.csv',
      csv('x,gone', 400, (i) => `${spread(i)},${spread(i + 1)}`),
    )
    folder.write(
      'b.csv',
      csv('new,x', 400, (i) => `${spread(i)},${spread(i + 1)}`),
    )
    const { predicate } = await check(', health: {schema: {}}')
    expect(predicate.findings.map(({ kind, column }) => [kind, column])).toEqual(
      expect.arrayContaining([
        ['column-absent', 'gone'],
        ['column-new', 'new'],
      ]),
    )
    expect(predicate.decision).not.toBe('pass')
    expect(predicate.health?.checks).toMatchObject([
      { id: 'schema.gone', observed: 'absent' },
      { id: 'schema.new', observed: 'present' },
    ])
  })

  it('without a column in common are an error that lists both', async () => {
    folder.write('a.csv', 'x,y\n1,2\n')
    folder.write('b.csv', 'p,q\n1,2\n')
    expect((await errorOf(() => check())).message).toMatch(/^MW-DRIFT-008: .*x, y.*p, q/s)
  })

  it('of which one column changed its type say from what to what, and judge the others', async () => {
    folder.write(
      'a.csv',
      csv('x,y', 400, (i) => `${spread(i)},${spread(i + 5)}`),
    )
    folder.write(
      'b.csv',
      csv('x,y', 400, (i) => `${spread(i)},${'abc'[i % 3]}`),
    )
    const { predicate } = await check(', health: {schema: {level: fail}}')
    expect(predicate.findings).toContainEqual(
      expect.objectContaining({ kind: 'type-changed', column: 'y' }),
    )
    expect(predicate.columns[0]).toMatchObject({ name: 'x', status: 'stable' })
    expect(predicate.columns[1]).toMatchObject({ name: 'y', test: null })
    expect(predicate.health?.checks).toMatchObject([
      { id: 'schema.y', status: 'fail', observed: 'string', expected: 'number' },
    ])
    expect(predicate.decision).toBe('fail')
  })
})

describe('columns', () => {
  it('that identify rows are left out, and said so', async () => {
    folder.write(
      'a.csv',
      csv('id,x', 400, (i) => `u${i},${spread(i)}`),
    )
    folder.write(
      'b.csv',
      csv('id,x', 400, (i) => `v${i},${spread(i)}`),
    )
    const { predicate } = await check()
    expect(predicate.columns.map(({ name }) => name)).toEqual(['x'])
    expect(predicate.findings).toMatchObject([{ kind: 'identifier', column: 'id' }])
    expect(predicate.decision).toBe('pass')
  })

  it('that are critical fail the data set by themselves', async () => {
    const header = Array.from({ length: 10 }, (_, k) => `x${k}`).join(',')
    const row = (moved: number) => (i: number) =>
      Array.from({ length: 10 }, (_, k) => spread(i + k) + (k === 0 ? moved : 0)).join(',')
    folder.write('a.csv', csv(header, 500, row(0)))
    folder.write('b.csv', csv(header, 500, row(1)))
    const usual = await check()
    expect(usual.predicate).toMatchObject({ driftedShare: 0.1, decision: 'warn' })
    const critical = await check(', columns: {critical: [x0]}')
    expect(critical.predicate).toMatchObject({ driftedShare: 0.1, decision: 'fail' })
    expect(critical.predicate.columns[0]?.critical).toBe(true)
  })

  it('count by their importance where it is given', async () => {
    folder.write(
      'a.csv',
      csv('x,y,z', 500, (i) => `${spread(i)},${spread(i + 2)},${spread(i + 4)}`),
    )
    folder.write(
      'b.csv',
      csv('x,y,z', 500, (i) => `${spread(i)},${spread(i + 2)},${spread(i) + 3}`),
    )
    const heavy = await check(', columns: {importance: {x: 1, z: 3}}')
    expect(heavy.predicate.driftedShare).toBeCloseTo(0.75, 12)
    expect(heavy.predicate.decision).toBe('fail')
    const light = await check(', columns: {importance: {x: 9, z: 1}}')
    expect(light.predicate.driftedShare).toBeCloseTo(0.1, 12)
    expect(light.predicate.decision).toBe('warn')
  })

  it('of text are compared as text, and their words are no categories', async () => {
    folder.write(
      'a.csv',
      csv('t', 600, (i) => `"${text(WORDS, i)}"`),
    )
    folder.write(
      'b.csv',
      csv('t', 600, (i) => `"${text(WORDS, i + 7_000)}"`),
    )
    const same = await check(', columns: {text: [t]}')
    expect(same.predicate.columns).toMatchObject([{ name: 't', kind: 'text', drifted: false }])
    folder.write(
      'b.csv',
      csv('t', 600, (i) => `"${text(OTHERS, i)}"`),
    )
    const moved = await check(', columns: {text: [t]}')
    expect(moved.predicate.columns).toMatchObject([{ name: 't', kind: 'text', drifted: true }])
  })

  it('of points in time are compared where they are named', async () => {
    const at = (i: number, days: number) =>
      new Date(Date.UTC(2024, 0, 1) + (spread(i) * 30 + days) * 86_400_000).toISOString()
    folder.write(
      'a.csv',
      csv('x,t', 600, (i) => `${spread(i)},${at(i, 0)}`),
    )
    folder.write(
      'b.csv',
      csv('x,t', 600, (i) => `${spread(i)},${at(i, 60)}`),
    )
    const named = await check(', columns: {datetime: [t]}')
    expect(named.predicate.columns[1]).toMatchObject({ name: 't', kind: 'datetime' })
    const usual = await check()
    expect(usual.predicate.columns.map(({ name }) => name)).toEqual(['x'])
    expect(usual.predicate.findings).toMatchObject([{ kind: 'not-compared', column: 't' }])
  })

  it('that are no columns of the reference are refused, all at once', async () => {
    folder.write(
      'a.csv',
      csv('x', 100, (i) => `${spread(i)}`),
    )
    folder.write(
      'b.csv',
      csv('x', 100, (i) => `${spread(i)}`),
    )
    const error = await errorOf(() =>
      check(', columns: {critical: [k1], text: [k2]}, tests: {k3: ks}'),
    )
    expect((error as UserError).problems.map(({ code, where }) => [code, where])).toEqual([
      ['MW-DRIFT-001', 'drift.columns.text'],
      ['MW-DRIFT-001', 'drift.columns.critical'],
      ['MW-DRIFT-001', 'drift.tests'],
    ])
  })
})

describe('vectors', () => {
  const row = (shift: number) => (i: number) =>
    [spread(i), spread(i + 1) + shift, spread(i + 2), spread(i + 5)].join(',')

  it('of component columns are one column, and their components none', async () => {
    folder.write('a.csv', csv('e0,e1,e2,x', 600, row(0)))
    folder.write('b.csv', csv('e0,e1,e2,x', 600, row(2)))
    const { predicate } = await check(', columns: {vectors: {emb: e*}}')
    expect(predicate.columns.map(({ name, kind, drifted }) => [name, kind, drifted])).toEqual([
      ['x', 'numeric', false],
      ['emb', 'vector', true],
    ])
    expect(predicate.driftedShare).toBe(0.5)
  })

  it('of lists in JSON Lines and in Parquet are compared, too', async () => {
    const line = (shift: number, i: number) =>
      JSON.stringify({ x: spread(i), emb: [spread(i * 3) + shift, spread(i * 3 + 1)] })
    const lines = (shift: number) =>
      Array.from({ length: 500 }, (_, i) => line(shift, i)).join('\n')
    folder.write('a.jsonl', lines(0))
    folder.write('b.jsonl', lines(3))
    const config = '{reference: a.jsonl, current: b.jsonl, columns: {vectors: {emb: emb}}}'
    const { predicate } = await checkDrift({ folder: folder.path, config })
    expect(predicate.columns.map(({ name, drifted }) => [name, drifted])).toEqual([
      ['x', false],
      ['emb', true],
    ])
    copyFixture(folder.path, 'vectors.parquet', 'v.parquet')
    const parquet = await checkDrift({
      folder: folder.path,
      config:
        '{reference: v.parquet, current: v.parquet, columns: {vectors: {one: list, two: fixed}}, health: {schema: {}, duplicates: {}}}',
    })
    const kinds = parquet.predicate.columns.filter(({ kind }) => kind === 'vector')
    expect(kinds.map(({ name, drifted }) => [name, drifted])).toEqual([
      ['one', false],
      ['two', false],
    ])
  })

  it('are cut by windows, and compared with the same season', async () => {
    const start = Date.UTC(2024, 0, 1)
    const rows = (days: number, from: number) =>
      csv('ts,e0,e1', days * 200, (i) => {
        const at = new Date(start + (from + i / 200) * 86_400_000)
        const weekend = at.getUTCDay() % 6 === 0
        return `${at.toISOString()},${spread(i) + (weekend ? 4 : 0)},${spread(i + 1)}`
      })
    folder.write('a.csv', rows(28, 0))
    // The 3rd of February 2024 is a Saturday.
    folder.write('b.csv', rows(2, 32))
    const more = ', columns: {vectors: {emb: [e0, e1]}}, time: {column: ts, window: 1d'
    const now = '2024-02-05T00:00:00Z'
    const config = (season: string) =>
      `{reference: a.csv, current: b.csv${more}, windows: 2, season: ${season}}}`
    const plain = await checkDrift({ folder: folder.path, now, config: config('none') })
    expect(plain.predicate.columns).toMatchObject([{ name: 'emb', drifted: true }])
    const seasonal = await checkDrift({ folder: folder.path, now, config: config('weekday') })
    expect(seasonal.predicate.columns).toMatchObject([{ name: 'emb', drifted: false }])
    expect(seasonal.predicate.rows.current).toBe(200)
  })

  it('that a sample does not have are an error by name', async () => {
    folder.write('a.csv', csv('e0,e1,x,y', 100, row(0)))
    folder.write('b.csv', csv('x,y,z,e9', 100, row(0)))
    const error = await errorOf(() => check(', columns: {vectors: {emb: [e0, e1]}}'))
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toContain('e0')
  })
})
