import { describe, expect, it } from '@jest/globals'
import { decideDrift } from '../../../../src/domain/drift/decide.js'
import { DriftPredicate } from '../../../../src/statements/schemas/drift.js'
import { DEFAULT_DRIFT_POLICY, numbers, spread, table } from '../../domain/drift/tables.js'
import { everything } from '../../domain/report/drift/fixtures.js'

const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('what a drift statement says', () => {
  it('is read back whole', () => {
    const report = everything()
    expect(DriftPredicate.parse(written(report))).toMatchObject(written(report) as object)
  })

  it('holds whatever is decided', () => {
    const x = numbers('x', spread(100))
    const body = decideDrift(DEFAULT_DRIFT_POLICY, table(x), table(x))
    const predicate = written({ ...body, reference: { files: [] }, triggers: [] }) as object
    expect(DriftPredicate.parse(predicate)).toMatchObject(predicate)
  })

  it('of the first release is still read', () => {
    const column = {
      name: 'x',
      kind: 'numeric',
      critical: false,
      status: 'stable',
      reason: 'as before',
      test: 'ks',
      statistic: 0.01,
      pValue: 0.8,
      adjustedPValue: 0.8,
      distance: { name: 'wasserstein-normalised', value: 0.01, threshold: 0.1 },
      psi: 0,
      js: 0,
      nulls: { reference: 0, current: 0 },
      newCategories: [],
      drifted: false,
      histogram: null,
    }
    const first = {
      decision: 'pass',
      reason: '0 of 1 columns drifted',
      rows: { reference: 100, current: 100 },
      driftedShare: 0,
      alpha: 0.05,
      correction: 'benjamini-hochberg',
      columns: [column],
      findings: [],
      reference: { files: [{ path: 'a.csv', sha256: 'ab' }] },
      triggers: [{ kind: 'issue', fired: false }],
    }
    expect(DriftPredicate.parse(first)).toEqual(first)
  })

  it('may hold more than is known', () => {
    const later = { ...(written(everything()) as object), unheardOf: { of: 1 } }
    expect(() => DriftPredicate.parse(later)).not.toThrow()
  })

  it.each([
    ['columns', 'none'],
    ['state', 'asleep'],
    ['history', { columns: [] }],
    ['driftedShare', null],
  ])('is refused where %s is %j', (key, value) => {
    const wrong = { ...(written(everything()) as object), [key]: value }
    expect(DriftPredicate.safeParse(wrong).success).toBe(false)
  })
})
