import { findColumn, type Table } from '../table/column.js'
import { columnKind } from './plan.js'
import { type DriftPolicy, testNameFor, thresholdOf } from './policy.js'
import { isBlank } from './samples.js'
import { type ColumnKind, findTest, testNames } from './tests/index.js'

/** A mistake in the drift section, for the caller to raise as a UserError. */
export interface DriftProblem {
  readonly code: string
  readonly where: string
  readonly what: string
  readonly fix: string
}

/**
 * Everything in the policy that does not fit the tables: columns that no table has or that are named twice,
 * tests that do not exist or cannot compare the column. None: an empty list, and `decideDrift` may run.
 */
export function driftProblems(
  policy: DriftPolicy,
  reference: Table,
  current: Table,
): readonly DriftProblem[] {
  return [
    ...absentColumns(policy, reference, current),
    ...conflictingColumns(policy),
    ...textAsNumbers(policy, reference),
    ...kindTests(policy),
    ...columnTests(policy, reference, current),
    ...unknownThresholds(policy),
  ]
}

function absentColumns(policy: DriftPolicy, reference: Table, current: Table): DriftProblem[] {
  const problems: DriftProblem[] = []
  for (const [list, names] of Object.entries(policy.columns)) {
    for (const name of names) {
      const known = findColumn(reference, name) ?? (list === 'ignore' && findColumn(current, name))
      if (!known) problems.push(absent(`drift.columns.${list}`, name, reference))
    }
  }
  for (const name of Object.keys(policy.tests)) {
    if (name === 'numeric' || name === 'categorical') continue
    if (!findColumn(reference, name)) problems.push(absent('drift.tests', name, reference))
  }
  return problems
}

function absent(where: string, name: string, reference: Table): DriftProblem {
  return {
    code: 'MW-DRIFT-001',
    where,
    what: `the reference has no column ${quote(name)}.`,
    fix: `Name one of its columns: ${listed(reference.columns.map((column) => column.name))}.`,
  }
}

function conflictingColumns(policy: DriftPolicy): DriftProblem[] {
  const { numeric, categorical, ignore, critical } = policy.columns
  const pairs = [
    ['numeric', numeric, 'categorical', categorical],
    ['ignore', ignore, 'numeric', numeric],
    ['ignore', ignore, 'categorical', categorical],
    ['ignore', ignore, 'critical', critical],
  ] as const
  return pairs.flatMap(([first, names, second, others]) =>
    names
      .filter((name) => others.includes(name))
      .map((name) => ({
        code: 'MW-DRIFT-002',
        where: 'drift.columns',
        what: `column ${quote(name)} is named under both ${first} and ${second}.`,
        fix: 'Keep one of them.',
      })),
  )
}

function textAsNumbers(policy: DriftPolicy, reference: Table): DriftProblem[] {
  return policy.columns.numeric.flatMap((name) => {
    const column = findColumn(reference, name)
    if (column?.kind !== 'categorical' || isBlank(column)) return []
    const what = `column ${quote(name)} holds text in the reference, for example ${quote(column.categories[0] ?? '')}.`
    const fix = 'Name it under columns.categorical, or make its cells numbers.'
    return [{ code: 'MW-DRIFT-003', where: 'drift.columns.numeric', what, fix }]
  })
}

function kindTests(policy: DriftPolicy): DriftProblem[] {
  const kinds: readonly ColumnKind[] = ['numeric', 'categorical']
  return kinds.flatMap((kind) => {
    const where = `drift.tests.${kind}`
    return testProblem(policy, { where, kind, name: testNameFor(policy, kind, kind) })
  })
}

function columnTests(policy: DriftPolicy, reference: Table, current: Table): DriftProblem[] {
  return Object.entries(policy.tests).flatMap(([column, name]) => {
    const found = findColumn(reference, column)
    if (column === 'numeric' || column === 'categorical' || found === undefined) return []
    const kind = columnKind(policy, found, findColumn(current, column))
    return testProblem(policy, { where: `drift.tests.${shorten(column)}`, kind, name })
  })
}

interface NamedTest {
  readonly where: string
  readonly kind: ColumnKind
  readonly name: string
}

function testProblem(policy: DriftPolicy, { where, kind, name }: NamedTest): DriftProblem[] {
  const fix = `Name one of: ${testNames(kind).join(', ')}.`
  const test = findTest(name)
  if (test === undefined) {
    return [{ code: 'MW-DRIFT-004', where, what: `there is no test ${quote(name)}.`, fix }]
  }
  if (test[kind] === undefined) {
    const what = `${name} cannot compare ${kind} columns.`
    return [{ code: 'MW-DRIFT-005', where, what, fix }]
  }
  if (test.measures === 'distance' && thresholdOf(policy, name) === undefined) {
    const what = `${name} has the column's unit, so it has no usual threshold.`
    const add = `Set drift.thresholds.${name}.`
    return [{ code: 'MW-DRIFT-006', where, what, fix: add }]
  }
  return []
}

function unknownThresholds(policy: DriftPolicy): DriftProblem[] {
  const known = ['null-rate', ...testNames().filter((name) => isDistance(name))]
  return Object.keys(policy.thresholds)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      code: 'MW-DRIFT-007',
      where: 'drift.thresholds',
      what: `there is no distance ${quote(name)}.`,
      fix: `Name one of: ${known.join(', ')}.`,
    }))
}

function isDistance(name: string): boolean {
  return findTest(name)?.measures === 'distance'
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(shorten).join(', ')
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown
}

function quote(text: string): string {
  return JSON.stringify(shorten(text))
}

function shorten(text: string): string {
  const characters = [...text.slice(0, 200)]
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('')
}
