import { findColumn, type Table } from '../table/column.js'
import { readNumbers } from './read-numbers.js'
import type { ColumnNames, Cut, ProblemList } from './source.js'

/** Probabilities of a row may miss a sum of 1 by this much: files are written with few digits. */
const TOLERANCE = 1e-3

/** The columns with a score for each class, by class; empty where none are named. */
export function scoreColumns(table: Table, { scores }: ColumnNames): ReadonlyMap<string, string> {
  if (scores === undefined) return new Map()
  if (typeof scores !== 'string') return new Map(Object.entries(scores))
  return new Map(
    table.columns
      .filter(({ name }) => name.startsWith(scores) && name.length > scores.length)
      .map(({ name }) => [name.slice(scores.length), name]),
  )
}

export interface ClassScoresRequest extends Cut {
  readonly columns: ColumnNames
  /** All classes but "no prediction", by code. */
  readonly classes: readonly string[]
  /** They must be there. */
  readonly required: boolean
  /** They are taken for probabilities: inside [0, 1], and a row's sum is 1. */
  readonly probability: boolean
}

/** A score for each class, by class code; undefined where none are named, or the file may lack them and does. */
export function readClassScores(
  request: ClassScoresRequest,
  problems: ProblemList,
): Float64Array[] | undefined {
  const { source, columns, classes } = request
  if (columns.scores === undefined) return undefined
  const names = scoreColumns(source.table, columns)
  const found = classes.map((name) => findColumn(source.table, names.get(name) ?? ''))
  const absent = classes.filter((_, code) => found[code] === undefined)
  if (absent.length > 0) {
    return request.required ? problems.add(withoutScores(request, absent)) : undefined
  }
  const before = problems.found.length
  const read = found.flatMap((column) => {
    if (column === undefined) return []
    const { rows, probability } = request
    return readNumbers({ source, column, rows, probability }, problems) ?? []
  })
  if (problems.found.length > before) return undefined
  return request.probability && !sumToOne(request, read, problems) ? undefined : read
}

function withoutScores({ source, columns }: ClassScoresRequest, absent: readonly string[]) {
  const shown = absent.slice(0, 5).map((name) => `"${name.slice(0, 60)}"`)
  const more = absent.length > 5 ? `, and ${absent.length - 5} more` : ''
  const prefix = typeof columns.scores === 'string' ? columns.scores : undefined
  const example = absent[0]?.slice(0, 60) ?? ''
  return {
    code: 'MW-GATE-032',
    where: source.file,
    what: `there is no column of scores for the class${absent.length > 1 ? 'es' : ''} ${shown.join(', ')}${more}.`,
    fix:
      prefix === undefined
        ? "Name each class's column in columns.scores."
        : `Write a column such as "${prefix}${example}" for each class, or correct columns.scores.`,
  }
}

function sumToOne(
  { source, rows }: Cut,
  scores: readonly Float64Array[],
  problems: ProblemList,
): boolean {
  const sums = new Float64Array(rows.length)
  for (const one of scores)
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (one[i] ?? 0)
  const off = (sum: number) => !(Math.abs(sum - 1) <= TOLERANCE)
  const first = sums.findIndex(off)
  if (first < 0) return true
  let count = 0
  for (const sum of sums) if (off(sum)) count++
  problems.add({
    code: 'MW-GATE-033',
    where: source.file,
    what: `the probabilities of the classes do not add up to 1 in ${count} rows: in row ${(rows[first] ?? 0) + 1} to ${Number((sums[first] ?? 0).toPrecision(6))}.`,
    fix: "Write every class's probability (after a softmax, not before), and name all of them in columns.scores.",
  })
  return false
}
