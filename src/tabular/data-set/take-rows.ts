import type { Column, Table } from '../../domain/table/column.js'
import { categoricalColumn, countNaN, usedCategories } from '../finish-column.js'

/** The rows of a table at these positions, in this order. Categories are those that they have, in order of first appearance. */
export function takeRows(table: Table, rows: Uint32Array): Table {
  return { rows: rows.length, columns: table.columns.map((column) => takeCells(column, rows)) }
}

export function takeCells(column: Column, rows: Uint32Array): Column {
  if (column.kind === 'numeric') {
    const values = new Float64Array(rows.length)
    for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i] as number] as number
    return { ...column, values, missing: countNaN(values) }
  }
  const codes = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) codes[i] = column.codes[rows[i] as number] as number
  const { name, type } = column
  const categories =
    type === 'boolean' ? column.categories : usedCategories(codes, column.categories)
  return categoricalColumn(name, codes, { type, categories })
}
