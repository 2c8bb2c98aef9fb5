import { describe, expect, it } from '@jest/globals'
import { compareTables } from '../../../../../src/actions/drift-check/engine/compare-tables.js'
import {
  engineProblems,
  engineTestProblems,
} from '../../../../../src/actions/drift-check/engine/refusals.js'
import { DriftSection } from '../../../../../src/config/drift.js'
import { decideColumns } from '../../../../../src/domain/drift/decide.js'
import type { EngineColumn } from '../../../../../src/domain/drift/engine/dialect.js'
import { ExternalError, type UserError } from '../../../../../src/errors.js'
import type { QueryEngine } from '../../../../../src/ports/engine.js'
import { scripted } from './scripted-engine.js'

const string = (name: string): EngineColumn => ({ name, type: 'string', engineType: 'varchar' })
const number = (name: string): EngineColumn => ({ name, type: 'number', engineType: 'double' })

function policy(more: Readonly<Record<string, unknown>> = {}): DriftSection {
  return DriftSection.parse({ reference: 'r', current: 'c', engine: 'trino', ...more })
}

function compare(engine: QueryEngine, settings = policy(), signal = new AbortController().signal) {
  return compareTables({
    engine,
    policy: settings,
    reference: { where: 'drift.reference', table: 'r', filters: [] },
    current: { where: 'drift.current', table: 'c', filters: [] },
    signal,
  })
}

const SUMMARY = /approx_distinct/
const CATEGORIES = /WHERE mw_v IS NOT NULL/

describe('comparing tables in an engine', () => {
  it('leaves a column open that fails by a fault of the program, and judges the others', async () => {
    const engine = scripted({ r: [string('s'), string('t')], c: [string('s'), string('t')] }, [
      [SUMMARY, [[1000, 900, 2, 900, 2]]],
      [/IS NOT NULL/, [['a', 900]]],
    ])
    let faults = 1
    const tests = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: (_, key) => {
          if (key === 's' && faults-- > 0) throw new RangeError('no such bin')
          return undefined
        },
      },
    )
    const settings = { ...policy(), tests }
    const { comparisons, facts } = await compare(engine, settings)
    const body = decideColumns(settings, comparisons, facts)
    expect(body.columns.map(({ name, status }) => [name, status])).toEqual([
      ['s', 'inconclusive'],
      ['t', 'stable'],
    ])
    expect(body.columns[0]?.reason).toContain('by a fault of Modelway: no such bin')
  })

  it('gives counts of categories, nulls and rows to the same decision', async () => {
    const engine = scripted({ r: [string('s')], c: [string('s')] }, [
      [/COUNT\(\*\), COUNT.*FROM "r"/, [[1000, 900, 2]]],
      [/COUNT\(\*\), COUNT.*FROM "c"/, [[1000, 600, 3]]],
      [
        /FROM "r".*IS NOT NULL/,
        [
          ['a', 500],
          ['b', 400],
        ],
      ],
      [
        /FROM "c".*IS NOT NULL/,
        [
          ['a', 100],
          ['b', 300],
          ['new', '200'],
        ],
      ],
    ])
    const { comparisons, facts } = await compare(engine)
    expect(facts).toEqual({ rows: { reference: 1000, current: 1000 }, findings: [] })
    const body = decideColumns(policy(), comparisons, facts)
    expect(body.columns[0]).toMatchObject({
      status: 'drifted',
      test: 'chi-square',
      nulls: { reference: 0.1, current: 0.4 },
      newCategories: ['new'],
    })
    for (const sql of engine.asked) expect(sql).toMatch(/^SELECT /)
  })

  it('has an answer for columns without a value, in one sample or both', async () => {
    const names = [number('x'), number('y')]
    const none = [0, null, null, 0, null]
    const engine = scripted({ r: names, c: names }, [
      [/approx_distinct.*FROM "r"/, [[40, 40, ...none, 40, ...none]]],
      [/approx_distinct.*FROM "c"/, [[40, 40, ...none, 0, 40, 1, 2, 2, '[1.0]']]],
      [
        /GROUP BY mw_x/,
        [
          [1, 0, 30],
          ['2.0', 0, 10],
        ],
      ],
    ])
    const { comparisons, facts } = await compare(engine)
    const body = decideColumns(policy(), comparisons, facts)
    expect(body.columns.map(({ name, status, values }) => [name, status, values])).toEqual([
      ['x', 'inconclusive', { reference: 0, current: 0 }],
      ['y', 'drifted', { reference: 0, current: 40 }],
    ])
    expect(body.columns[1]?.reason).toContain('missing cells went from 100% to 0%')
  })

  it('ends with the error of an engine that fails half-way, and asks nothing more', async () => {
    const lost = new ExternalError({
      code: 'MW-DRIFT-759',
      service: 'Trino',
      what: 'lost.',
      retryable: true,
    })
    const names = Array.from({ length: 15 }, (_, i) => string(`s${i}`))
    const engine = scripted({ r: names, c: names }, [
      [CATEGORIES, lost],
      [SUMMARY, [[10, ...names.flatMap(() => [10, 2])]]],
    ])
    await expect(compare(engine)).rejects.toBe(lost)
    expect(engine.asked.filter((sql) => CATEGORIES.test(sql)).length).toBeLessThanOrEqual(3)
  })

  it('says so when a table changes between two queries', async () => {
    const engine = scripted({ r: [number('x')], c: [number('x')] }, [
      [SUMMARY, [[50, 0, 50, 1, 9, 9, '[2, 3]']]],
      [
        /GROUP BY mw_x/,
        [
          [1, 50, 49],
          [9, 0, 0],
        ],
      ],
    ])
    const error = (await compare(engine).catch((caught) => caught)) as ExternalError
    expect(error.details).toMatchObject({ code: 'MW-DRIFT-711', retryable: true })
  })

  it('takes no answer for a number that is none', async () => {
    const engine = scripted({ r: [number('x')], c: [number('x')] }, [
      [SUMMARY, [['many', 0, 50, 1, 9, 9, '[2, 3]']]],
    ])
    const error = (await compare(engine).catch((caught) => caught)) as ExternalError
    expect(error.details).toMatchObject({ code: 'MW-DRIFT-712' })
    expect(error.message).toContain('"many" is no number')
  })

  it('refuses a name that the engine cannot write', async () => {
    const engine = scripted({ r: [string('a\0b')], c: [string('a\0b')] }, [])
    const error = (await compare(engine).catch((caught) => caught)) as UserError
    expect(error.problems[0]?.code).toBe('MW-DRIFT-701')
  })

  it('leaves out columns of lists, and columns of more categories than are sent, and says so', async () => {
    const list: EngineColumn = { name: 'l', type: 'other', engineType: 'array(bigint)' }
    const engine = scripted(
      { r: [string('id'), list, string('s')], c: [string('id'), list, string('s')] },
      [
        [SUMMARY, [[1e6, 1e6, 900_000, 1e6, 1]]],
        [CATEGORIES, [['a', 1e6]]],
      ],
    )
    const { comparisons, facts } = await compare(engine)
    const body = decideColumns(policy(), comparisons, facts)
    expect(body.columns.map(({ name }) => name)).toEqual(['s'])
    expect(body.findings.map(({ kind, column }) => `${kind} ${column}`)).toEqual([
      'not-compared id',
      'not-compared l',
    ])
    expect(body.findings[0]?.detail).toContain('too many categories (an identifier?)')
    const named = policy({ columns: { categorical: ['id'] } })
    const error = (await compare(engine, named).catch((caught) => caught)) as UserError
    expect(error.problems[0]?.code).toBe('MW-DRIFT-706')
  })

  it('judges what goes missing of a column with more categories than are sent', async () => {
    const engine = scripted({ r: [string('id'), string('s')], c: [string('id'), string('s')] }, [
      [/COUNT\(\*\), COUNT.*FROM "r"/, [[1e6, 1e6, 900_000, 1e6, 1]]],
      [/COUNT\(\*\), COUNT.*FROM "c"/, [[1e6, 4e5, 390_000, 1e6, 1]]],
      [CATEGORIES, [['a', 1e6]]],
    ])
    const { comparisons, facts } = await compare(engine)
    const body = decideColumns(policy(), comparisons, facts)
    const id = body.columns.find(({ name }) => name === 'id')
    expect([id?.status, id?.nulls, id?.test, id?.distance]).toEqual([
      'drifted',
      { reference: 0, current: 0.6 },
      null,
      null,
    ])
  })

  it.each([{ critical: ['l'] }, { numeric: ['l'] }, { categorical: ['l'] }])(
    'refuses a list that is named: %j',
    async (columns) => {
      const list: EngineColumn = { name: 'l', type: 'other', engineType: 'array(bigint)' }
      const engine = scripted({ r: [list], c: [list] }, [])
      const error = (await compare(engine, policy({ columns })).catch(
        (caught) => caught,
      )) as UserError
      expect(error.problems[0]?.code).toBe('MW-DRIFT-714')
      expect(engine.asked).toEqual([])
    },
  )

  it('a column that is a list in one table alone has changed its type, and one that is gone is gone', async () => {
    const list = (name: string): EngineColumn => ({
      name,
      type: 'other',
      engineType: 'array(bigint)',
    })
    const engine = scripted(
      {
        r: [string('s'), string('a'), list('b'), list('gone'), list('both')],
        c: [string('s'), list('a'), string('b'), list('both')],
      },
      [
        [SUMMARY, [[1000, 1000, 1]]],
        [/COUNT\(\*\), COUNT/, [[1000, 1000, 1, 1000, 1]]],
        [CATEGORIES, [['a', 1000]]],
      ],
    )
    const settings = policy()
    const { comparisons, facts } = await compare(engine, settings)
    const body = decideColumns(settings, comparisons, facts)
    expect(body.columns.map(({ name, status }) => `${name} ${status}`).toSorted()).toEqual([
      'a drifted',
      'b drifted',
      'gone drifted',
      's stable',
    ])
    expect(body.findings.map(({ kind, column }) => `${kind} ${column}`).toSorted()).toEqual([
      'column-absent gone',
      'not-compared both',
      'type-changed a',
      'type-changed b',
    ])
    expect(body.columns.find(({ name }) => name === 'a')?.reason).toBe(
      'was of type varchar in the reference, is array(bigint) in the current data',
    )
  })

  it('a few categories that became more than are sent are drift', async () => {
    const engine = scripted({ r: [string('s')], c: [string('s')] }, [
      [/COUNT\(\*\), COUNT.*FROM "r"/, [[1e6, 1e6, 3]]],
      [/COUNT\(\*\), COUNT.*FROM "c"/, [[1e6, 1e6, 900_000]]],
      [CATEGORIES, [['a', 1e6]]],
    ])
    const settings = policy({ columns: { critical: ['s'] } })
    const { comparisons, facts } = await compare(engine, settings)
    const body = decideColumns(settings, comparisons, facts)
    expect(body).toMatchObject({
      decision: 'fail',
      columns: [
        {
          status: 'drifted',
          reason:
            'had 1 different values in the reference, has over 100000 different texts in the current data',
        },
      ],
    })
  })

  it('needs a time column that holds times', async () => {
    const engine = scripted({ r: [string('t')], c: [string('t')] }, [])
    const asked = {
      engine,
      policy: policy(),
      reference: { where: 'r', table: 'r', filters: [], time: { column: 't', start: 0 } },
      current: { where: 'c', table: 'c', filters: [] },
      signal: new AbortController().signal,
    }
    const error = (await compareTables(asked).catch((caught) => caught)) as UserError
    expect(error.problems[0]).toMatchObject({ code: 'MW-DRIFT-705', where: 'drift.time.column' })
    const absent = { ...asked.reference, time: { column: 'gone', start: 0 } }
    await expect(compareTables({ ...asked, reference: absent })).rejects.toThrow('MW-DRIFT-705')
  })

  it('throws for conditions that do not fit the columns', async () => {
    const engine = scripted({ r: [number('x')], c: [number('x')] }, [])
    const reference = { where: 'drift.rows.where', table: 'r', filters: [{ x: 'many' }] }
    const asked = compareTables({
      engine,
      policy: policy(),
      reference,
      current: { ...reference, filters: [] },
      signal: new AbortController().signal,
    })
    await expect(asked).rejects.toThrow('MW-DRIFT-704')
  })
})

describe('what an engine cannot do', () => {
  it('is refused by its key, and nothing else is', () => {
    expect(engineProblems(policy())).toEqual([])
    const asked = policy({
      columns: { datetime: ['t'], vectors: { v: 'v*' } },
      rows: { sample: 5 },
      multivariate: { tests: ['mmd'] },
      health: { volume: {} },
      learn: {},
      'save-profile': 'p.json',
      references: { old: 'o' },
      tests: { numeric: 'mann-whitney' },
      thresholds: { energy: 0.1 },
    })
    const problems = engineProblems(asked)
    expect(problems.map(({ where }) => where)).toEqual([
      'drift.columns.datetime',
      'drift.columns.vectors',
      'drift.rows.sample',
      'drift.multivariate.tests',
      'drift.health',
      'drift.learn',
      'drift.save-profile',
      'drift.references',
      'drift.tests.numeric',
      'drift.thresholds',
    ])
    for (const { code, fix } of problems) {
      expect(code).toBe('MW-DRIFT-703')
      expect(fix).toContain('engine: embedded')
    }
  })

  it('includes a test that a column of numbers is given by name', () => {
    const plan = { kind: 'numeric', name: 'x', testName: 'anderson-darling' } as const
    const rest = { critical: false, type: 'number', present: true } as const
    const whole = { ...plan, ...rest, mismatch: undefined, textual: undefined }
    expect(engineTestProblems([whole])[0]).toMatchObject({ where: 'drift.tests.x' })
    expect(engineTestProblems([{ ...whole, testName: 'ks' }])).toEqual([])
    expect(engineTestProblems([{ ...whole, kind: 'categorical' }])).toEqual([])
    // A timestamp that is named, as under critical, is compared by its cycles.
    const time = { ...whole, kind: 'datetime', testName: 'cycles' } as const
    expect(engineTestProblems([time])[0]).toMatchObject({ code: 'MW-DRIFT-703' })
    expect(engineTestProblems([{ ...time, isSkippedTime: true }])).toEqual([])
  })
})
