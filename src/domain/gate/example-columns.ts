import type { Column } from '../table/column.js'
import { type GateExamples, pick, pickCodes } from './examples.js'
import { scoreColumns } from './read-scores.js'
import type { ColumnNames } from './source.js'

/**
 * The candidate's columns that may describe a slice, at the examples' rows: those named, or all that have no other role. A
 * column of a unit has the value of its first row. None without a table.
 */
export function describingColumns(
  { source }: GateExamples,
  columns: ColumnNames,
  named?: readonly string[],
): Column[] {
  if (source === undefined) return []
  const roles = new Set<string | undefined>([
    ...[columns.id, columns.label, columns.prediction, columns.score],
    ...[columns.weight, columns.cluster, columns.query ?? 'query', columns.sample],
    ...scoreColumns(source.table, columns).values(),
  ])
  const wanted = named === undefined ? undefined : new Set(named)
  return source.table.columns
    .filter(({ name }) => wanted?.has(name) ?? !roles.has(name))
    .map((column) => atRows(column, source.rows))
}

function atRows(column: Column, rows: Int32Array): Column {
  if (column.kind === 'numeric') {
    const values = pick(column.values, rows)
    return { ...column, values, missing: countNaN(values) }
  }
  const codes = pickCodes(column.codes, rows)
  let missing = 0
  for (const code of codes) if (code < 0) missing++
  return { ...column, codes, missing }
}

function countNaN(values: Float64Array): number {
  let count = 0
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i] ?? 0)) count++
  return count
}
