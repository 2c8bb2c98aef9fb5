import type { Decision } from '../decision.js'
import { findColumn, type Table } from '../table/column.js'
import { adjustAll, NOT_TESTED } from './adjust.js'
import { findingsOf } from './findings.js'
import { judgeColumn, mismatchedColumn } from './judge.js'
import { leftOutFinding, leftOutOf, withoutTest, withoutValues } from './left-out.js'
import { type ColumnMeasurement, measureColumn } from './measure.js'
import { type ColumnPlan, planColumn } from './plan.js'
import type { DriftPolicy } from './policy.js'
import type { DriftColumn, DriftFinding, DriftPredicateBody, Sides } from './predicate.js'
import { readNumbers } from './readable-numbers.js'
import { type ColumnSample, sampleOf } from './samples.js'
import { compareSchemas } from './schemas.js'
import { orFailure, unmeasured } from './unmeasured.js'
import { percent } from './wording.js'

/** One column of both samples: measured, or why it could not be. */
export interface ColumnComparison {
  readonly plan: ColumnPlan
  /** Undefined where the plan says why the two cannot be compared. */
  readonly measured: ColumnMeasurement | undefined
}

/** Compares one column. Whatever the values are, it answers. */
export function compareColumn(
  policy: DriftPolicy,
  reference: ColumnSample,
  current: ColumnSample | undefined,
): ColumnComparison {
  if (current === undefined) {
    return { plan: planColumn(policy, reference, current), measured: undefined }
  }
  const { unusable, ...samples } = readNumbers(policy, reference, current)
  const plan = { ...planColumn(policy, samples.reference, samples.current), unusable }
  if (plan.mismatch !== undefined) return { plan, measured: undefined }
  const measured = orFailure(() => measureColumn(policy, plan, samples))
  if ('failure' in measured) return { plan: { ...plan, ...measured }, measured: undefined }
  return { plan, measured: measured.value }
}

/**
 * Compares two tables column by column and decides. No table is too bad for an answer: a column that cannot be judged
 * is inconclusive, and without any column to compare the decision is `inconclusive`. The policy's own mistakes are
 * found by `driftProblems`, which the caller asks first.
 */
export function decideDrift(
  policy: DriftPolicy,
  reference: Table,
  current: Table,
): DriftPredicateBody {
  const { compared, findings } = compareSchemas(policy, reference.columns, current.columns)
  const comparisons = compared.map(({ name }) => {
    const before = findColumn(reference, name)
    const now = findColumn(current, name)
    if (before === undefined) throw new TypeError('a compared column is one of the reference')
    return compareColumn(policy, sampleOf(before), now && sampleOf(now))
  })
  return decideColumns(policy, comparisons, {
    rows: { reference: reference.rows, current: current.rows },
    findings,
  })
}

/** What is known beside the columns that were compared. */
export interface DataSetFacts {
  readonly rows: Sides
  readonly findings: readonly DriftFinding[]
}

/** Corrects the p-values of all columns together, judges each column, and then the data set. */
export function decideColumns(
  policy: DriftPolicy,
  comparisons: readonly ColumnComparison[],
  facts: DataSetFacts,
): DriftPredicateBody {
  const { judged, left } = withoutLeftOut(policy, comparisons)
  const columns = judged.map(({ column }) => column)
  return {
    ...decideDataSet(policy, columns),
    rows: facts.rows,
    alpha: policy.alpha,
    correction: policy.correction,
    minShare: policy['min-share'],
    columns,
    findings: [...judged.flatMap(({ findings }) => findings), ...left, ...facts.findings],
  }
}

/** What always differs has no part in any share, as long as as much of it is missing as before. */
function withoutLeftOut(
  policy: DriftPolicy,
  comparisons: readonly ColumnComparison[],
): { readonly judged: readonly Judged[]; readonly left: readonly DriftFinding[] } {
  const whyLeftOut = leftOutOf(policy)
  const reasons = comparisons.map(whyLeftOut)
  const all = judgeAll(
    policy,
    comparisons.map((one, i) => (reasons[i] === undefined ? one : withoutValues(one))),
  )
  const judged: Judged[] = []
  const left: DriftFinding[] = []
  for (const [i, verdict] of all.entries()) {
    const why = reasons[i]
    if (why === undefined) judged.push(verdict)
    else if (verdict.column.drifted) judged.push(withoutTest(verdict))
    else left.push(leftOutFinding(why, comparisons[i]?.plan))
  }
  return { judged, left }
}

/** A column's verdict, and what stands out in it. */
export interface Judged {
  readonly column: DriftColumn
  readonly findings: readonly DriftFinding[]
}

function judgeAll(policy: DriftPolicy, comparisons: readonly ColumnComparison[]): Judged[] {
  const adjusted = adjustAll(
    policy,
    comparisons.map(({ measured }) => measured),
  )
  return comparisons.map(({ plan, measured }, i) => {
    if (plan.failure !== undefined) return unmeasured(plan, plan.failure)
    if (measured === undefined) return mismatched(plan, plan.mismatch ?? '')
    const judged = orFailure(() => {
      const column = judgeColumn(policy, measured, adjusted[i] ?? NOT_TESTED)
      return { column, findings: findingsOf(policy, measured, column) }
    })
    return 'failure' in judged ? unmeasured(plan, judged.failure) : judged.value
  })
}

function mismatched(plan: ColumnPlan, detail: string): Judged {
  const kind = plan.present ? 'type-changed' : 'column-absent'
  const findings = [{ kind, column: plan.name, detail }] as const
  return { column: mismatchedColumn(plan, detail), findings }
}

interface DataSetVerdict {
  readonly decision: Decision
  readonly reason: string
  readonly driftedShare: number
  readonly inconclusiveShare: number
}

/**
 * What judged columns come to together. `fail` before `inconclusive` before `warn`: what is certain is said first. Drift
 * that is not confirmed yet warns.
 */
export function decideDataSet(
  policy: DriftPolicy,
  columns: readonly DriftColumn[],
): DataSetVerdict {
  const drifted = columns.filter((column) => column.status === 'drifted')
  const open = columns.filter((column) => column.status === 'inconclusive')
  const waiting = columns.filter((column) => column.status === 'unconfirmed').length
  const shares = {
    driftedShare: weightedShare(policy, drifted, columns),
    inconclusiveShare: weightedShare(policy, open, columns),
  }
  const limit = policy['min-share']
  const more = waiting > 0 ? `, ${waiting} more not yet confirmed` : ''
  const said = `${drifted.length} of ${columns.length} columns drifted${weightWords(policy, shares.driftedShare)}${more}${leftOutWords(columns)}`
  const criticalDrift = drifted.filter((column) => column.critical).length
  const criticalOpen = open.filter((column) => column.critical).length
  const verdict = (decision: Decision, reason: string) => ({ decision, reason, ...shares })
  if (columns.length === 0) return verdict('inconclusive', 'no column could be compared')
  if (criticalDrift > 0) return verdict('fail', `${said}, ${criticalDrift} of them critical`)
  if (shares.driftedShare > 0 && shares.driftedShare >= limit) {
    return verdict('fail', `${said}; the limit is ${percent(limit)}`)
  }
  if (isUnweighted(policy, columns)) {
    return verdict('inconclusive', `${said}; none of the columns that were compared has importance`)
  }
  if (criticalOpen > 0) {
    return verdict('inconclusive', `${said}; ${criticalOpen} critical could not be judged`)
  }
  if (shares.inconclusiveShare > limit) {
    return verdict('inconclusive', `${said}; ${open.length} could not be judged`)
  }
  const under = drifted.length > 0 ? `${said}, under the limit of ${percent(limit)}` : said
  // What could not be judged is no reason to pass.
  if (open.length > 0) return verdict('warn', `${under}; ${open.length} could not be judged`)
  return verdict(drifted.length + waiting > 0 ? 'warn' : 'pass', under)
}

/** What always differs is counted only where its presence or its missing cells drifted. */
function leftOutWords(columns: readonly DriftColumn[]): string {
  const count = columns.filter(({ valuesLeftOut }) => valuesLeftOut === true).length
  if (count === 0) return ''
  return ` (${count} of these by its presence or missing cells alone: the values are not compared)`
}

/** The share of columns, or, where columns have importance, of all importance. */
function weightedShare(
  policy: DriftPolicy,
  part: readonly DriftColumn[],
  whole: readonly DriftColumn[],
): number {
  if (!hasImportance(policy)) return share(part.length, whole.length)
  return share(weightOf(policy, part), weightOf(policy, whole))
}

function hasImportance({ columns }: DriftPolicy): boolean {
  return Object.keys(columns.importance).length > 0
}

function weightOf({ columns: { importance } }: DriftPolicy, part: readonly DriftColumn[]): number {
  const weight = ({ name }: DriftColumn) =>
    Object.hasOwn(importance, name) ? (importance[name] ?? 0) : 0
  return part.reduce((total, column) => total + weight(column), 0)
}

/** Of no importance at all there is no share: that nothing of it drifted says nothing. */
function isUnweighted(policy: DriftPolicy, columns: readonly DriftColumn[]): boolean {
  return hasImportance(policy) && weightOf(policy, columns) === 0
}

function weightWords(policy: DriftPolicy, driftedShare: number): string {
  if (!hasImportance(policy)) return ''
  return ` (${percent(driftedShare)} by importance)`
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
