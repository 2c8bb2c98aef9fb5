import type { Checked, Problem } from '../problem.js'
import { type Column, cellText, lengthOf } from '../table/column.js'
import { sharedCodes } from './id-codes.js'

/** A file's column of ids. `file` is the file's name as the user wrote it. */
export interface IdColumn {
  readonly file: string
  readonly column: Column
}

/** Rows of the two files that belong together, in the candidate's order. */
export interface Join {
  readonly candidateRows: Int32Array
  readonly baselineRows: Int32Array
}

/**
 * Joins two files by id, compared as `sharedCodes` says. Duplicate or missing ids in either file are problems; ids of one
 * file only are left out. About n operations.
 */
export function joinById(candidate: IdColumn, baseline: IdColumn): Checked<Join> {
  const problems = [missingIds(candidate), missingIds(baseline)].filter(isProblem)
  if (problems.length > 0) return { problems }
  if (sameOrder(candidate.column, baseline.column)) {
    const rows = everyRow(lengthOf(candidate.column))
    return { value: { candidateRows: rows, baselineRows: rows } }
  }
  const codes = sharedCodes(candidate.column, baseline.column)
  const rowOf = rowsByCode(codes.a, codes.size)
  const baselineRowOf = rowsByCode(codes.b, codes.size)
  const duplicates = [
    rowOf.repeated < 0 ? undefined : repeatedIds(candidate, rowOf),
    baselineRowOf.repeated < 0 ? undefined : repeatedIds(baseline, baselineRowOf),
  ].filter(isProblem)
  if (duplicates.length > 0) return { problems: duplicates }
  return { value: matchCodes(codes.a, baselineRowOf.rows) }
}

/** Duplicate or missing ids of a file that is joined with no other. */
export function idProblems(ids: IdColumn): Problem[] {
  const missing = missingIds(ids)
  if (missing !== undefined) return [missing]
  if (increasing(ids.column)) return []
  const codes = sharedCodes(ids.column, ids.column)
  const index = rowsByCode(codes.a, codes.size)
  return index.repeated < 0 ? [] : [repeatedIds(ids, index)]
}

/** Row numbers 0 to n - 1. */
export function everyRow(n: number): Int32Array {
  const rows = new Int32Array(n)
  for (let row = 0; row < n; row++) rows[row] = row
  return rows
}

/** Each code's row in a file, or -1. */
export interface RowIndex {
  readonly rows: Int32Array
  readonly distinct: number
  /** The first row whose code an earlier row has too, or -1. */
  readonly repeated: number
}

export function rowsByCode(codes: Int32Array, size: number): RowIndex {
  const rows = new Int32Array(size).fill(-1)
  let distinct = 0
  let repeated = -1
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? 0
    if ((rows[code] ?? -1) < 0) {
      rows[code] = row
      distinct++
    } else if (repeated < 0) repeated = row
  }
  return { rows, distinct, repeated }
}

/** Rows of the candidate with the baseline's rows of the same code, where there is one. */
export function matchCodes(candidate: Int32Array, baselineRowOf: Int32Array): Join {
  const candidateRows = new Int32Array(candidate.length)
  const baselineRows = new Int32Array(candidate.length)
  let joined = 0
  for (let row = 0; row < candidate.length; row++) {
    const other = baselineRowOf[candidate[row] ?? 0] ?? -1
    if (other < 0) continue
    candidateRows[joined] = row
    baselineRows[joined] = other
    joined++
  }
  return {
    candidateRows: candidateRows.subarray(0, joined),
    baselineRows: baselineRows.subarray(0, joined),
  }
}

/** Ids that must be there and are not. */
export function missingIds(ids: IdColumn): Problem | undefined {
  if (ids.column.missing === 0) return undefined
  return {
    code: 'MW-GATE-014',
    where: ids.file,
    what: `column "${ids.column.name}" has no value in ${ids.column.missing} rows.`,
    fix: 'Give every example an id.',
  }
}

function isProblem(problem: Problem | undefined): problem is Problem {
  return problem !== undefined
}

/** Both files hold the same strictly increasing numbers: the usual case, and nothing to look up. */
function sameOrder(a: Column, b: Column): boolean {
  if (a.kind !== 'numeric' || b.kind !== 'numeric') return false
  if (a.values.length !== b.values.length || !increasing(a)) return false
  for (let i = 0; i < a.values.length; i++) if (a.values[i] !== b.values[i]) return false
  return true
}

function increasing(column: Column): boolean {
  if (column.kind !== 'numeric') return false
  const { values } = column
  for (let i = 1; i < values.length; i++) {
    if (!((values[i] ?? 0) > (values[i - 1] ?? 0))) return false
  }
  return true
}

function repeatedIds(ids: IdColumn, index: RowIndex): Problem {
  const first = cellText(ids.column, index.repeated) ?? ''
  return {
    code: 'MW-GATE-017',
    where: ids.file,
    what: `column "${ids.column.name}" repeats ids: ${lengthOf(ids.column)} rows hold ${index.distinct} distinct ids, "${first.slice(0, 60)}" among the repeated.`,
    fix: 'Write one row for each example, or name the column that identifies examples with columns.id.',
  }
}
