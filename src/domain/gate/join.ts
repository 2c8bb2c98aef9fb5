import type { Checked, Problem } from '../problem.js'
import { type Column, cellText, type NumericColumn } from '../table/column.js'

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
 * Joins two files by id. Ids of two numeric columns are compared as numbers, all others as text. Duplicate or
 * missing ids in either file are problems; ids of one file only are left out. About n operations.
 */
export function joinById(candidate: IdColumn, baseline: IdColumn): Checked<Join> {
  const problems = [missingIds(candidate), missingIds(baseline)].filter(isProblem)
  if (problems.length > 0) return { problems }
  if (sameOrder(candidate.column, baseline.column)) {
    const rows = everyRow(lengthOf(candidate.column))
    return { value: { candidateRows: rows, baselineRows: rows } }
  }
  const keys = keyReaders(candidate.column, baseline.column)
  const index = indexIds(candidate, keys.candidate)
  const baselineIndex = indexIds(baseline, keys.baseline)
  const duplicates = [index.problems?.[0], baselineIndex.problems?.[0]].filter(isProblem)
  if (index.value === undefined || baselineIndex.value === undefined) {
    return { problems: duplicates }
  }
  return { value: match(index.value, baselineIndex.value) }
}

/** Duplicate or missing ids of a file that is joined with no other. */
export function idProblems(ids: IdColumn): Problem[] {
  const missing = missingIds(ids)
  if (missing !== undefined) return [missing]
  if (increasing(ids.column)) return []
  return [...(indexIds(ids, keyReaders(ids.column, ids.column).candidate).problems ?? [])]
}

/** Row numbers 0 to n - 1. */
export function everyRow(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, row) => row)
}

type Key = string | number
type KeyReader = (row: number) => Key

function isProblem(problem: Problem | undefined): problem is Problem {
  return problem !== undefined
}

function lengthOf(column: Column): number {
  return column.kind === 'numeric' ? column.values.length : column.codes.length
}

function missingIds(ids: IdColumn): Problem | undefined {
  if (ids.column.missing === 0) return undefined
  return {
    code: 'MW-GATE-014',
    where: ids.file,
    what: `column "${ids.column.name}" has no value in ${ids.column.missing} rows.`,
    fix: 'Give every example an id.',
  }
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

function keyReaders(a: Column, b: Column): { candidate: KeyReader; baseline: KeyReader } {
  if (a.kind === 'numeric' && b.kind === 'numeric') {
    return { candidate: numberReader(a), baseline: numberReader(b) }
  }
  return { candidate: textReader(a), baseline: textReader(b) }
}

function numberReader(column: NumericColumn): KeyReader {
  return (row) => column.values[row] ?? Number.NaN
}

function textReader(column: Column): KeyReader {
  return (row) => cellText(column, row) ?? ''
}

function indexIds(ids: IdColumn, read: KeyReader): Checked<Map<Key, number>> {
  const n = lengthOf(ids.column)
  const index = new Map<Key, number>()
  let first: Key | undefined
  for (let row = 0; row < n; row++) {
    const key = read(row)
    const before = index.size
    index.set(key, row)
    if (index.size === before) first ??= key
  }
  if (first === undefined) return { value: index }
  return {
    problems: [
      {
        code: 'MW-GATE-017',
        where: ids.file,
        what: `column "${ids.column.name}" repeats ids: ${n} rows hold ${index.size} distinct ids, "${first}" among the repeated.`,
        fix: 'Write one row for each example, or name the column that identifies examples with columns.id.',
      },
    ],
  }
}

function match(candidate: Map<Key, number>, baseline: Map<Key, number>): Join {
  const candidateRows = new Int32Array(candidate.size)
  const baselineRows = new Int32Array(candidate.size)
  let joined = 0
  for (const [key, row] of candidate) {
    const other = baseline.get(key)
    if (other === undefined) continue
    candidateRows[joined] = row
    baselineRows[joined] = other
    joined++
  }
  return {
    candidateRows: candidateRows.subarray(0, joined),
    baselineRows: baselineRows.subarray(0, joined),
  }
}
