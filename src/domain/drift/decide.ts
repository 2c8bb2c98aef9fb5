import type { Decision } from '../decision.js'
import { adjustPValues } from '../stats/multiplicity.js'
import type { Table } from '../table/column.js'
import { findingsOf } from './findings.js'
import { type Adjusted, judgeColumn, mismatchedColumn } from './judge.js'
import { type ColumnMeasurement, measureColumn } from './measure.js'
import { type ColumnPlan, planDrift } from './plan.js'
import type { DriftPolicy } from './policy.js'
import type { DriftColumn, DriftFinding, DriftPredicateBody } from './predicate.js'
import { percent } from './wording.js'

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
  const plan = planDrift(policy, reference, current)
  const judged = judgeAll(policy, plan.columns)
  const columns = judged.map(({ column }) => column)
  const verdict = decideDataSet(policy, columns)
  return {
    ...verdict,
    rows: { reference: reference.rows, current: current.rows },
    alpha: policy.alpha,
    correction: policy.correction,
    minShare: policy['min-share'],
    columns,
    findings: [...judged.flatMap(({ findings }) => findings), ...plan.findings],
  }
}

interface Judged {
  readonly column: DriftColumn
  readonly findings: readonly DriftFinding[]
}

/** Measures every column, corrects all p-values together, and judges. */
function judgeAll(policy: DriftPolicy, plans: readonly ColumnPlan[]): Judged[] {
  const measured = plans.map((plan) =>
    plan.current === undefined || plan.mismatch !== undefined
      ? undefined
      : measureColumn(policy, plan, plan.current),
  )
  const adjusted = adjustAll(policy, measured)
  return plans.map((plan, i) => {
    const measurement = measured[i]
    if (measurement === undefined) return mismatched(plan, plan.mismatch ?? '')
    const column = judgeColumn(policy, measurement, adjusted[i] ?? NOT_TESTED)
    return { column, findings: findingsOf(policy, measurement, column) }
  })
}

function mismatched(plan: ColumnPlan, detail: string): Judged {
  const kind = plan.current === undefined ? 'column-absent' : 'type-changed'
  const findings = [{ kind, column: plan.name, detail }] as const
  return { column: mismatchedColumn(plan, detail), findings }
}

const NOT_TESTED: Adjusted = { test: undefined, nulls: undefined, infinities: undefined }

/** The family of tests is every column's own, and every column's shares of missing and of infinite cells. */
function adjustAll(
  policy: DriftPolicy,
  measured: readonly (ColumnMeasurement | undefined)[],
): Adjusted[] {
  const tests = measured.map((one) => one?.significance ?? Number.NaN)
  const nulls = measured.map((one) => one?.nullPValue ?? Number.NaN)
  const infinities = measured.map((one) => one?.infinityPValue ?? Number.NaN)
  // What was not tested is NaN, which the correction does not count.
  const corrected = adjustPValues([...tests, ...nulls, ...infinities], policy.correction)
  return measured.map((_, i) => ({
    test: numberOrNothing(corrected[i]),
    nulls: numberOrNothing(corrected[i + measured.length]),
    infinities: numberOrNothing(corrected[i + 2 * measured.length]),
  }))
}

function numberOrNothing(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value
}

interface DataSetVerdict {
  readonly decision: Decision
  readonly reason: string
  readonly driftedShare: number
  readonly inconclusiveShare: number
}

/** `fail` before `inconclusive` before `warn`: what is certain is said first. */
function decideDataSet(policy: DriftPolicy, columns: readonly DriftColumn[]): DataSetVerdict {
  const drifted = columns.filter((column) => column.status === 'drifted')
  const open = columns.filter((column) => column.status === 'inconclusive')
  const shares = {
    driftedShare: share(drifted.length, columns.length),
    inconclusiveShare: share(open.length, columns.length),
  }
  const limit = policy['min-share']
  const said = `${drifted.length} of ${columns.length} columns drifted`
  const criticalDrift = drifted.filter((column) => column.critical).length
  const criticalOpen = open.filter((column) => column.critical).length
  const verdict = (decision: Decision, reason: string) => ({ decision, reason, ...shares })
  if (columns.length === 0) return verdict('inconclusive', 'no column could be compared')
  if (criticalDrift > 0) return verdict('fail', `${said}, ${criticalDrift} of them critical`)
  if (drifted.length > 0 && shares.driftedShare >= limit) {
    return verdict('fail', `${said}; the limit is ${percent(limit)}`)
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
  return verdict(drifted.length > 0 ? 'warn' : 'pass', under)
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
