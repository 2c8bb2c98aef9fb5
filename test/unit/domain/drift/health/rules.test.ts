import { describe, expect, it } from '@jest/globals'
import { DriftHealth } from '../../../../../src/config/drift/health.js'
import { healthProblems } from '../../../../../src/domain/drift/health/index.js'
import type { Expectations } from '../../../../../src/domain/quality/check.js'
import { numbers, table, text } from '../tables.js'
import { judge, named } from './requests.js'

const current = table(numbers('age', [1, 2, -3]), text('sex', ['f', 'm', 'f']))

describe('changes of the schema', () => {
  it('are one check a column', () => {
    const schema = {
      added: ['new|<b>'],
      gone: ['old'],
      changed: [{ column: 'age', reference: 'number', current: 'string' }],
    }
    const result = judge({ schema: { level: 'fail' } }, { current, schema })
    expect(result.checks.map(({ id, status, detail }) => [id, status, detail])).toEqual([
      ['schema.old', 'fail', 'the column is not in the current data'],
      ['schema.new|<b>', 'fail', 'the column is not in the reference'],
      ['schema.age', 'fail', 'the type went from number to string'],
    ])
    expect(result.reason).toContain('3 of 3 checks do not hold: schema.old (')
  })

  it('are one check that holds where there are none', () => {
    const schema = { added: [], gone: [], changed: [] }
    const result = judge({ schema: {} }, { current, schema })
    expect(result.checks).toMatchObject([{ id: 'schema', column: null, status: 'pass' }])
  })

  it('are not looked at unless that is asked for', () => {
    const schema = { added: ['x'], gone: [], changed: [] }
    expect(judge({}, { current, schema }).checks).toEqual([])
  })
})

describe('the data contract', () => {
  const expectations: Expectations = {
    rows: { min: 3 },
    columns: {
      age: { required: true, unique: false, level: 'fail', min: 0 },
      sex: { required: true, unique: false, level: 'warn', in: ['m'] },
    },
    otherColumns: 'allow',
  }

  it('is checked on the current data in the same words as elsewhere', () => {
    const result = judge({}, { current, contract: { expectations } })
    expect(result.status).toBe('fail')
    expect(named(result, 'contract.rows.min').status).toBe('pass')
    expect(named(result, 'contract.age.min')).toMatchObject({
      column: 'age',
      status: 'fail',
      observed: -3,
      expected: 0,
      failedRows: 1,
      detail: 'the data contract expects at least 0, observed -3',
    })
    expect(named(result, 'contract.sex.in')).toMatchObject({ status: 'warn', failedRows: 2 })
  })

  it('is checked file by file where they are given', () => {
    const perFile: Expectations = {
      rows: {},
      columns: { age: { required: true, unique: 'per-file', level: 'fail' } },
      otherColumns: 'allow',
    }
    const file = table(numbers('age', [1, 2]))
    const both = table(numbers('age', [1, 2, 1, 2]))
    const contract = { expectations: perFile, files: [file, file] }
    expect(judge({}, { current: both, contract }).status).toBe('pass')
    expect(judge({}, { current: both, contract: { expectations: perFile } }).status).toBe('fail')
  })
})

describe('the status', () => {
  it('is the worst of all checks, and the reason names failures first', () => {
    const result = judge(
      {
        ranges: { columns: { age: { min: 0 } }, level: 'warn' },
        duplicates: { key: ['sex'], level: 'fail' },
      },
      { current },
    )
    expect(result.status).toBe('fail')
    expect(result.reason).toMatch(/^2 of 2 checks do not hold: duplicates \(.*\); ranges\.age \(/)
    expect(result.reason).not.toMatch(/\.$/)
  })
})

describe('problems of the configuration', () => {
  const problems = (section: unknown, ...samples: (typeof current)[]) =>
    healthProblems(DriftHealth.parse(section), samples.length === 0 ? [current] : samples)

  it('are columns that no sample has', () => {
    const section = {
      duplicates: { key: ['sexx'] },
      freshness: { column: 'when', 'max-age': '1d' },
      ranges: { columns: { height: { min: 0 } } },
    }
    expect(problems(section)).toMatchObject([
      {
        code: 'MW-DRIFT-401',
        where: 'drift.health.duplicates.key',
        what: 'column "sexx" is in neither the reference nor the current data.',
        fix: 'Name a column that the data has. Did you mean "sex"?',
      },
      {
        code: 'MW-DRIFT-401',
        where: 'drift.health.freshness.column',
        fix: 'Name a column that the data has. Found: "age", "sex".',
      },
      { code: 'MW-DRIFT-401', where: 'drift.health.ranges.columns' },
    ])
  })

  it('are no columns that the current data lost', () => {
    const section = { duplicates: { key: ['old'] } }
    expect(problems(section, current, table(numbers('old', [1])))).toEqual([])
  })

  it('are times that never were some', () => {
    const section = { freshness: { column: 'sex', 'max-age': '1d' } }
    expect(problems(section)).toMatchObject([
      { code: 'MW-DRIFT-402', what: 'column "sex" holds no times but values of type string.' },
    ])
    const times = table(numbers('sex', [1], 'timestamp'))
    expect(problems(section, current, times)).toEqual([])
    expect(problems(section, table(text('sex', [null, null])))).toEqual([])
  })

  it('are limits with nothing between', () => {
    const section = {
      volume: { min: 5, max: 4 },
      ranges: { columns: { age: { min: 1, max: 0 } } },
    }
    expect(problems(section)).toMatchObject([
      { code: 'MW-DRIFT-403', where: 'drift.health.volume' },
      { code: 'MW-DRIFT-403', where: 'drift.health.ranges.columns.age' },
    ])
  })
})
