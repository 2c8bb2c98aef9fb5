import { describe, expect, it } from '@jest/globals'
import {
  combineReferences,
  policyForReferences,
} from '../../../../../src/domain/drift/history/references.js'
import type { ColumnStatus, DriftPredicateBody } from '../../../../../src/domain/drift/predicate.js'
import { bodyOf, columnOf, POLICY } from './bodies.js'

const against = (
  rule: 'all' | 'any',
  primary: DriftPredicateBody,
  ...others: DriftPredicateBody[]
) =>
  combineReferences(POLICY, {
    primary,
    others: others.map((body, i) => ({ name: ['last-year', 'last-month'][i] ?? 'more', body })),
    against: rule,
  })
const statusOf = (rule: 'all' | 'any', ...statuses: ColumnStatus[]) => {
  const [first, ...rest] = statuses.map((status) => bodyOf({ x: status }))
  if (first === undefined) throw new Error('one at least')
  return against(rule, first, ...rest).columns[0]?.status
}

describe('a column against several references', () => {
  it.each([
    [['drifted', 'drifted'], 'drifted', 'drifted'],
    [['drifted', 'stable'], 'stable', 'drifted'],
    [['stable', 'drifted'], 'stable', 'drifted'],
    [['drifted', 'inconclusive'], 'inconclusive', 'drifted'],
    [['inconclusive', 'stable'], 'stable', 'inconclusive'],
    [['inconclusive', 'inconclusive'], 'inconclusive', 'inconclusive'],
    [['stable', 'stable'], 'stable', 'stable'],
    [['drifted', 'inconclusive', 'stable'], 'stable', 'drifted'],
  ] as const)('%j: against all it is %s, against any %s', (statuses, all, any) => {
    expect(statusOf('all', ...statuses)).toBe(all)
    expect(statusOf('any', ...statuses)).toBe(any)
  })

  it('says against which it is so and against which not', () => {
    const reason = (rule: 'all' | 'any', ...statuses: ColumnStatus[]) => {
      const [first = bodyOf({}), ...rest] = statuses.map((status) => bodyOf({ x: status }))
      return against(rule, first, ...rest).columns[0]?.reason
    }
    expect(reason('any', 'drifted', 'stable')).toBe(
      'against reference: made up; not against last-year',
    )
    expect(reason('any', 'stable', 'drifted')).toBe(
      'against last-year: made up; not against reference',
    )
    expect(reason('any', 'drifted', 'inconclusive')).toContain('not judged against last-year')
    expect(reason('all', 'drifted', 'stable')).toBe(
      'against last-year: made up; drifted against reference',
    )
    expect(reason('all', 'drifted', 'drifted')).toBe('against reference: made up')
  })

  it('gives the numbers against each, and shows those that decide', () => {
    const body = (status: ColumnStatus, distance: number) =>
      bodyOf({}, { columns: [columnOf('x', status, distance)] })
    const x = against('all', body('drifted', 0.5), body('stable', 0.05)).columns[0]
    expect(x?.distance?.value).toBe(0.05)
    expect(x?.against).toEqual([
      { reference: 'reference', status: 'drifted', distance: 0.5, adjustedPValue: 0.01 },
      { reference: 'last-year', status: 'stable', distance: 0.05, adjustedPValue: 0.01 },
    ])
  })

  it('a reference without the column has no say, and is named as such', () => {
    const combined = against('all', bodyOf({ x: 'drifted', y: 'stable' }), bodyOf({ y: 'stable' }))
    expect(combined.columns[0]?.status).toBe('drifted')
    expect(combined.columns[0]?.against?.[1]).toMatchObject({ status: 'absent', distance: null })
  })

  it('the decision is taken on what was combined', () => {
    const first = bodyOf({ x: 'drifted' })
    expect(first.decision).toBe('fail')
    expect(against('all', first, bodyOf({ x: 'stable' }))).toMatchObject({
      decision: 'pass',
      driftedShare: 0,
    })
    expect(against('any', bodyOf({ x: 'stable' }), first).decision).toBe('fail')
    expect(against('all', first, bodyOf({ x: 'inconclusive' })).decision).toBe('inconclusive')
  })

  it('keeps what only another reference shows, by its name', () => {
    const finding = { kind: 'null-rate', column: 'x', detail: 'more' } as const
    const same = { kind: 'infinities', column: 'x', detail: 'some' } as const
    const combined = against(
      'any',
      { ...bodyOf({ x: 'stable' }), findings: [same] },
      { ...bodyOf({ x: 'stable' }), findings: [same, finding] },
    )
    expect(combined.findings).toEqual([same, { ...finding, detail: 'more (against last-year)' }])
  })

  it('one reference alone is as it was', () => {
    const body = bodyOf({ x: 'drifted' })
    expect(against('all', body)).toBe(body)
  })
})

describe('alpha against several references', () => {
  it('is shared among them where any is enough, and whole where all are needed', () => {
    expect(policyForReferences({ ...POLICY, against: 'any' }, 2).alpha).toBeCloseTo(0.025, 12)
    expect(policyForReferences({ ...POLICY, against: 'all' }, 2).alpha).toBe(0.05)
    expect(policyForReferences({ ...POLICY, against: 'any' }, 1).alpha).toBe(0.05)
  })
})
