import type { Column, Table } from '../table/column.js'
import { type DriftPolicy, testNameFor } from './policy.js'
import type { DriftFinding } from './predicate.js'
import { hasFewValues, isBlank } from './samples.js'
import type { ColumnKind } from './tests/index.js'

/** Integers with at most this many distinct values are codes rather than quantities. */
const MOST_CODES = 20

/** What is done with one column of the reference. */
export interface ColumnPlan {
  readonly name: string
  readonly kind: ColumnKind
  readonly critical: boolean
  readonly testName: string
  readonly reference: Column
  /** Undefined where the current data lacks the column. */
  readonly current: Column | undefined
  /** Why the two cannot be compared, in words. */
  readonly mismatch: string | undefined
}

export interface DriftPlan {
  readonly columns: readonly ColumnPlan[]
  readonly findings: readonly DriftFinding[]
}

/**
 * Which columns are compared, and how. Names in the policy that no table has are passed over here:
 * `driftProblems` reports them.
 */
export function planDrift(policy: DriftPolicy, reference: Table, current: Table): DriftPlan {
  const ignored = new Set(policy.columns.ignore)
  const currentByName = byName(current)
  const referenceByName = byName(reference)
  const columns: ColumnPlan[] = []
  const findings: DriftFinding[] = []
  for (const column of referenceByName.values()) {
    if (ignored.has(column.name)) continue
    const other = currentByName.get(column.name)
    if (isSkippedTime(policy, column, other)) findings.push(timeFinding(column.name))
    else columns.push(planColumn(policy, column, other))
  }
  for (const name of currentByName.keys()) {
    if (ignored.has(name) || referenceByName.has(name)) continue
    findings.push({ kind: 'column-new', column: name, detail: 'not in the reference' })
  }
  return { columns, findings }
}

/** Of two columns with one name the first counts. */
function byName(table: Table): Map<string, Column> {
  const columns = new Map<string, Column>()
  for (const column of table.columns) {
    if (!columns.has(column.name)) columns.set(column.name, column)
  }
  return columns
}

function planColumn(
  policy: DriftPolicy,
  reference: Column,
  current: Column | undefined,
): ColumnPlan {
  const { name } = reference
  const kind = columnKind(policy, reference, current)
  return {
    name,
    kind,
    critical: policy.columns.critical.includes(name),
    testName: testNameFor(policy, name, kind),
    reference,
    current,
    mismatch: mismatchOf(policy, reference, current),
  }
}

/** As named by the user; else by the reference, or by the current data where the reference has no values. */
export function columnKind(
  policy: DriftPolicy,
  reference: Column,
  current: Column | undefined,
): ColumnKind {
  if (policy.columns.numeric.includes(reference.name)) return 'numeric'
  if (policy.columns.categorical.includes(reference.name)) return 'categorical'
  return inferKind(isBlank(reference) && current !== undefined ? current : reference)
}

function inferKind(column: Column): ColumnKind {
  if (column.kind === 'categorical') return 'categorical'
  return column.type === 'integer' && hasFewValues(column, MOST_CODES) ? 'categorical' : 'numeric'
}

/** Time always moves on: timestamps are compared only when the user names them. */
function isSkippedTime(
  policy: DriftPolicy,
  reference: Column,
  current: Column | undefined,
): boolean {
  const { numeric, categorical, critical } = policy.columns
  const { name } = reference
  if ([numeric, categorical, critical].some((names) => names.includes(name))) return false
  return reference.type === 'timestamp' && current?.type === 'timestamp'
}

function timeFinding(name: string): DriftFinding {
  const detail = 'a timestamp, which always moves on; name it in columns.numeric to compare it'
  return { kind: 'not-compared', column: name, detail }
}

/**
 * Categories, numbers and times are not compared with each other, unless the user names the column categorical; a
 * side without any value may have been read as anything.
 */
function mismatchOf(
  policy: DriftPolicy,
  reference: Column,
  current: Column | undefined,
): string | undefined {
  if (current === undefined) return 'not in the current data'
  if (policy.columns.categorical.includes(reference.name)) return undefined
  if (family(reference) === family(current) || isBlank(reference) || isBlank(current)) {
    return undefined
  }
  const change = `was ${nature(reference)} in the reference, is ${nature(current)} in the current data`
  return `${change}; name it in columns.categorical to compare its text`
}

function family(column: Column): 'categories' | 'time' | 'numbers' {
  if (column.kind === 'categorical') return 'categories'
  return column.type === 'timestamp' ? 'time' : 'numbers'
}

function nature(column: Column): string {
  if (column.type === 'string') return 'text'
  if (column.type === 'boolean') return 'true or false'
  return column.type === 'timestamp' ? 'a timestamp' : 'a number'
}
