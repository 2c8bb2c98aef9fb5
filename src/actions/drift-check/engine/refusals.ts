import type { DriftSection } from '../../../config/drift.js'
import { COUNTED_TESTS } from '../../../domain/drift/engine/counted-comparand.js'
import type { ColumnPlan } from '../../../domain/drift/plan.js'
import { type DriftPolicy, distanceRule, testNameFor } from '../../../domain/drift/policy.js'
import type { DriftFinding } from '../../../domain/drift/predicate.js'
import type { Problem } from '../../../domain/problem.js'

type Settings = Pick<
  DriftSection,
  | 'columns'
  | 'rows'
  | 'multivariate'
  | 'performance'
  | 'health'
  | 'learn'
  | 'save-profile'
  | 'references'
  | 'engine'
> &
  DriftPolicy

/** What of the settings needs every row on the runner, which an engine does not send. */
export function engineProblems(settings: Settings): readonly Problem[] {
  const { columns, rows, multivariate, performance, learn } = settings
  const asked: readonly (readonly [key: string, isAsked: boolean])[] = [
    ['columns.datetime', columns.datetime.length > 0],
    ['columns.vectors', Object.keys(columns.vectors).length > 0],
    ['rows.sample', rows.sample !== undefined],
    ['multivariate.tests', multivariate.tests.length > 0],
    ['performance', performance !== undefined],
    ['health', Object.keys(settings.health).length > 0],
    ['learn', learn !== undefined],
    ['save-profile', settings['save-profile'] !== undefined],
    ['references', Object.keys(settings.references).length > 0],
  ]
  const problems = asked
    .filter(([, isAsked]) => isAsked)
    .map(([key]) => refusal(`drift.${key}`, `${key} needs the rows themselves`))
  const test = testNameFor(settings, 'numeric', 'numeric')
  return [
    ...problems,
    ...testProblem('drift.tests.numeric', test),
    ...testProblem('drift.thresholds', distanceRule(settings, 'numeric').name),
  ]
}

/** Of a column's own test it is known only with its kind. */
export function engineTestProblems(plans: readonly ColumnPlan[]): readonly Problem[] {
  return plans.flatMap(({ kind, name, testName, present, isSkippedTime }) => {
    if (kind === 'datetime' && present && isSkippedTime !== true) {
      const what = `timestamp ${JSON.stringify(name)} is compared by its hours, weekdays and months, which needs the rows themselves`
      return [
        refusal('drift.columns', what, ', or name a test of numbers for it under drift.tests'),
      ]
    }
    return kind === 'numeric' ? testProblem(`drift.tests.${name}`, testName) : []
  })
}

/** Columns that the user names: that nothing is said of their values would be a mistake. */
function namedOf({ columns, tests }: DriftPolicy): ReadonlySet<string> {
  const { numeric, categorical, text, critical } = columns
  return new Set([...numeric, ...categorical, ...text, ...critical, ...Object.keys(tests)])
}

/** Columns with more categories than are sent: named, they are a mistake; else an identifier is likely. */
export function uncountedProblems(
  policy: DriftPolicy,
  plans: readonly ColumnPlan[],
): readonly Problem[] {
  const named = namedOf(policy)
  return plans
    .filter(({ name, uncounted }) => uncounted !== undefined && named.has(name))
    .map(({ name, uncounted }) => ({
      code: 'MW-DRIFT-706',
      where: 'drift.columns',
      what: `column ${JSON.stringify(name)} has ${uncounted}.`,
      fix: 'Do not name it, name a column of fewer, or use `engine: embedded` on files.',
    }))
}

/** Columns of lists, maps or bytes that the user names. */
export function unlikeProblems(
  policy: DriftPolicy,
  unlike: readonly DriftFinding[],
): readonly Problem[] {
  const named = namedOf(policy)
  return unlike
    .filter(({ column }) => named.has(column ?? ''))
    .map(({ column, detail }) => ({
      code: 'MW-DRIFT-714',
      where: 'drift.columns',
      what: `column ${JSON.stringify(column)} cannot be compared: ${detail}.`,
      fix: 'Do not name it, name a view that has its parts as columns of numbers or text, or use `engine: embedded` on files.',
    }))
}

function testProblem(where: string, test: string): readonly Problem[] {
  if (COUNTED_TESTS.includes(test)) return []
  const what = `${test} needs every value of a column of numbers`
  return [refusal(where, what, `, or name one of: ${COUNTED_TESTS.join(', ')}`)]
}

function refusal(where: string, what: string, or = ''): Problem {
  return {
    code: 'MW-DRIFT-703',
    where,
    what: `${what}, and an engine sends counts alone.`,
    fix: `Leave it out${or}, or use \`engine: embedded\` on files.`,
  }
}
