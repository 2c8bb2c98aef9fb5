import { closestName } from '../closest-name.js'
import type { ColumnPlan } from './plan.js'
import { type DriftKind, type DriftPolicy, testNameFor, thresholdOf } from './policy.js'
import type { NamedType } from './schemas.js'
import { type ColumnKind, findTest, testNames } from './tests/index.js'

/** A mistake in the drift section, for the caller to raise as a UserError. */
export interface DriftProblem {
  readonly code: string
  readonly where: string
  readonly what: string
  readonly fix: string
}

/**
 * Everything in the policy that does not fit the columns of the two samples: columns that neither has or that are named
 * twice, tests and distances that do not exist. Nothing of the data need be read for it.
 */
export function driftProblems(
  policy: DriftPolicy,
  reference: readonly NamedType[],
  current: readonly NamedType[],
): readonly DriftProblem[] {
  return [
    ...absentColumns(policy, reference, current),
    ...conflictingColumns(policy),
    ...kindTests(policy),
    ...namedTests(policy),
    ...unknownThresholds(policy),
    ...nothingInCommon(policy, reference, current),
  ]
}

/** What only the values show: a column called numeric that holds text, a test that cannot compare a column. */
export function planProblems(
  policy: DriftPolicy,
  plans: readonly ColumnPlan[],
): readonly DriftProblem[] {
  return plans.flatMap((plan) => {
    const { name, kind, textual } = plan
    if (textual !== undefined) return [textAsNumbers(name, textual)]
    if (!Object.hasOwn(policy.tests, name)) return []
    return testProblem(policy, {
      where: `drift.tests.${shorten(name)}`,
      kind,
      name: policy.tests[name] ?? '',
    })
  })
}

function absentColumns(
  policy: DriftPolicy,
  reference: readonly NamedType[],
  current: readonly NamedType[],
): DriftProblem[] {
  const known = new Set(reference.map(({ name }) => name))
  const either = new Set([...known, ...current.map(({ name }) => name)])
  const problems: DriftProblem[] = []
  for (const [list, names] of columnLists(policy)) {
    for (const name of names) {
      if ((list === 'ignore' ? either : known).has(name)) continue
      problems.push(absent(`drift.columns.${list}`, name, reference))
    }
  }
  for (const name of Object.keys(policy.tests)) {
    if (isKind(name) || known.has(name)) continue
    problems.push(absent('drift.tests', name, reference))
  }
  return problems
}

function columnLists({ columns }: DriftPolicy): readonly (readonly [string, readonly string[]])[] {
  const { numeric, categorical, text, datetime, ignore, critical, importance } = columns
  const lists = { numeric, categorical, text, datetime, ignore, critical }
  return [...Object.entries(lists), ['importance', Object.keys(importance)]]
}

function isKind(name: string): boolean {
  return name === 'numeric' || name === 'categorical'
}

/** Two tables of which not one column is compared are two different tables. */
function nothingInCommon(
  policy: DriftPolicy,
  reference: readonly NamedType[],
  current: readonly NamedType[],
): DriftProblem[] {
  const names = new Set(current.map(({ name }) => name))
  if (reference.length === 0 || reference.some(({ name }) => names.has(name))) return []
  if (policy.columns.ignore.length >= reference.length) return []
  return [
    {
      code: 'MW-DRIFT-008',
      where: 'drift.current',
      what: `it has no column of the reference. The reference has ${listed(reference)}; the current data ${current.length === 0 ? 'none at all' : listed(current)}.`,
      fix: 'Name data of the same table, or mend the header.',
    },
  ]
}

function absent(where: string, name: string, reference: readonly NamedType[]): DriftProblem {
  return {
    code: 'MW-DRIFT-001',
    where,
    what: `the reference has no column ${quote(name)}.`,
    fix: `${meant(
      name,
      reference.map((column) => column.name),
    )}Name one of its columns: ${listed(reference)}.`,
  }
}

function conflictingColumns(policy: DriftPolicy): DriftProblem[] {
  const { numeric, categorical, text, datetime, ignore, critical } = policy.columns
  const pairs = [
    ['numeric', numeric, 'text', text],
    ['numeric', numeric, 'datetime', datetime],
    ['categorical', categorical, 'text', text],
    ['categorical', categorical, 'datetime', datetime],
    ['text', text, 'datetime', datetime],
    ['ignore', ignore, 'text', text],
    ['ignore', ignore, 'datetime', datetime],
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

function textAsNumbers(name: string, example: string): DriftProblem {
  const what = `column ${quote(name)} holds text in the reference, for example ${quote(example)}.`
  const fix = 'Name it under columns.categorical, or make its cells numbers.'
  return { code: 'MW-DRIFT-003', where: 'drift.columns.numeric', what, fix }
}

function kindTests(policy: DriftPolicy): DriftProblem[] {
  const kinds: readonly ColumnKind[] = ['numeric', 'categorical']
  return kinds.flatMap((kind) => {
    const where = `drift.tests.${kind}`
    return testProblem(policy, { where, kind, name: testNameFor(policy, kind, kind) })
  })
}

/** Of a column's own test only the name can be checked before its values are known. */
function namedTests(policy: DriftPolicy): DriftProblem[] {
  return Object.entries(policy.tests).flatMap(([column, name]) => {
    if (isKind(column) || findTest(name) !== undefined) return []
    return [unknownTest(`drift.tests.${shorten(column)}`, name, testNames())]
  })
}

function unknownTest(where: string, name: string, known: readonly string[]): DriftProblem {
  const fix = `${meant(name, known)}Name one of: ${known.join(', ')}.`
  return { code: 'MW-DRIFT-004', where, what: `there is no test ${quote(name)}.`, fix }
}

interface NamedTest {
  readonly where: string
  readonly kind: DriftKind
  readonly name: string
}

function testProblem(policy: DriftPolicy, { where, kind, name }: NamedTest): DriftProblem[] {
  const test = findTest(name)
  if (kind === 'text' || kind === 'datetime' || kind === 'vector') {
    const what = `columns of ${kind} have their own test; ${name} cannot compare them.`
    const fix =
      'Leave the test out, or name the column under columns.numeric or columns.categorical.'
    return [{ code: 'MW-DRIFT-005', where, what, fix }]
  }
  const fix = `Name one of: ${testNames(kind).join(', ')}.`
  if (test === undefined) return [unknownTest(where, name, testNames(kind))]
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

const OTHER_LIMITS = ['null-rate', 'new-categories', 'text-domain-auc', 'vector-domain-auc']

function unknownThresholds(policy: DriftPolicy): DriftProblem[] {
  const known = [...OTHER_LIMITS, ...testNames().filter((name) => isDistance(name))]
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

function listed(columns: readonly NamedType[]): string {
  const shown = columns.slice(0, 10).map(({ name }) => shorten(name))
  const rest = columns.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}

/** Edits up to a third of the name: `agee` for age, `kss` for ks. */
function meant(name: string, known: readonly string[]): string {
  const one = closestName(name, known, (_, length) => Math.max(1, Math.ceil(length / 3)))
  return one === undefined ? '' : `Did you mean ${quote(one)}? `
}

function quote(text: string): string {
  return JSON.stringify(shorten(text))
}

function shorten(text: string): string {
  const characters = [...text.slice(0, 200)]
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('')
}
