import { describe, expect, it } from '@jest/globals'
import { planColumn } from '../../../../src/domain/drift/plan.js'
import type { DriftPolicy } from '../../../../src/domain/drift/policy.js'
import { driftProblems, planProblems } from '../../../../src/domain/drift/problems.js'
import { sampleOf } from '../../../../src/domain/drift/samples.js'
import { findTest, testNames } from '../../../../src/domain/drift/tests/index.js'
import { DEFAULT_DRIFT_POLICY, numbers, repeat, spread, table, text } from './tables.js'

const reference = table(numbers('age', spread(40)), text('sex', repeat(20, 'f', 'm')))
const current = table(numbers('age', spread(40)), text('extra', repeat(20, 'f', 'm')))
const problems = (change: Partial<DriftPolicy>) => {
  const policy = { ...DEFAULT_DRIFT_POLICY, ...change }
  const found = driftProblems(policy, reference.columns, current.columns)
  if (found.length > 0) return found
  const plans = reference.columns.map((one) => planColumn(policy, sampleOf(one), undefined))
  return planProblems(policy, plans)
}
const columns = (change: Partial<DriftPolicy['columns']>) =>
  problems({
    columns: { ...DEFAULT_DRIFT_POLICY.columns, ...DEFAULT_DRIFT_POLICY.columns, ...change },
  })

describe('driftProblems', () => {
  it('finds nothing wrong with the defaults, nor with columns that only the current data lacks', () => {
    expect(problems({})).toEqual([])
    expect(columns({ critical: ['sex'], ignore: ['extra'] })).toEqual([])
  })

  it.each(['numeric', 'categorical', 'ignore', 'critical'])(
    'names an absent column under %s',
    (list) => {
      expect(columns({ [list]: ['agee'] })).toEqual([
        {
          code: 'MW-DRIFT-001',
          where: `drift.columns.${list}`,
          what: 'the reference has no column "agee".',
          fix: 'Did you mean "age"? Name one of its columns: age, sex.',
        },
      ])
    },
  )

  it.each<[string, string, Partial<DriftPolicy>]>([
    [
      'a column named twice',
      'MW-DRIFT-002',
      {
        columns: {
          ...DEFAULT_DRIFT_POLICY.columns,
          numeric: ['age'],
          categorical: ['age'],
          ignore: [],
          critical: [],
        },
      },
    ],
    [
      'a critical column ignored',
      'MW-DRIFT-002',
      {
        columns: {
          ...DEFAULT_DRIFT_POLICY.columns,
          numeric: [],
          categorical: [],
          ignore: ['age'],
          critical: ['age'],
        },
      },
    ],
    [
      'text named numeric',
      'MW-DRIFT-003',
      {
        columns: {
          ...DEFAULT_DRIFT_POLICY.columns,
          numeric: ['sex'],
          categorical: [],
          ignore: [],
          critical: [],
        },
      },
    ],
    ['a test for an absent column', 'MW-DRIFT-001', { tests: { agee: 'ks' } }],
    ['an unknown test', 'MW-DRIFT-004', { tests: { age: 'kss' } }],
    ['an unknown test of a kind', 'MW-DRIFT-004', { tests: { numeric: 'constructor' } }],
    ['a test of the other kind', 'MW-DRIFT-005', { tests: { sex: 'ks' } }],
    ['a test of the other kind for all', 'MW-DRIFT-005', { tests: { numeric: 'chi-square' } }],
    [
      'a distance with a unit and no threshold',
      'MW-DRIFT-006',
      { tests: { numeric: 'wasserstein' } },
    ],
    ['an unknown threshold', 'MW-DRIFT-007', { thresholds: { ks: 0.1 } }],
  ])('%s is %s', (_, code, change) => {
    expect(problems(change).map((problem) => problem.code)).toEqual([code])
  })

  it('lists the tests that exist', () => {
    const fix = problems({ tests: { age: 'kss' } })[0]?.fix
    expect(fix).toBe(`Did you mean "ks"? Name one of: ${testNames().join(', ')}.`)
  })

  it('says so when the two have no column in common', () => {
    const other = [numbers('height', spread(3))]
    const found = driftProblems(DEFAULT_DRIFT_POLICY, reference.columns, other)
    expect(found).toEqual([
      expect.objectContaining({
        code: 'MW-DRIFT-008',
        what: expect.stringMatching(/has age, sex; the current data height\.$/),
      }),
    ])
  })

  it('says of current data without any column that it has none', () => {
    const [found] = driftProblems(DEFAULT_DRIFT_POLICY, reference.columns, [])
    expect(found?.what).toMatch(/has age, sex; the current data none at all\.$/)
  })

  it('shows at most ten columns', () => {
    const wide = table(...Array.from({ length: 30 }, (_, i) => numbers(`c${i}`, spread(3))))
    const policy = { ...DEFAULT_DRIFT_POLICY, tests: { nope: 'ks' } }
    expect(driftProblems(policy, wide.columns, wide.columns)[0]?.fix).toMatch(/c9 and 20 more\.$/)
  })
})

describe('the registry of tests', () => {
  it('finds each by its name, and nothing by any other', () => {
    for (const name of testNames()) expect(findTest(name)?.name).toBe(name)
    expect(findTest('toString')).toBeUndefined()
  })
})
