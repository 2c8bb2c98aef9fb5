import type { Column, Table } from '../../domain/table/column.js'
import { categoricalColumn, countNaN, usedCategories } from '../finish-column.js'
import { type PackedTable, packColumn, unpackColumn } from '../packed/packed-table.js'

/** The rows of a table at these positions, in this order. Categories are those that they have, in order of first appearance. */
export function takeRows(table: Table, rows: Uint32Array): Table {
  return { rows: rows.length, columns: table.columns.map((column) => takeCells(column, rows)) }
}

/** The same of a packed table. */
export function takePacked({ columns }: PackedTable, rows: Uint32Array): PackedTable {
  const take = (column: (typeof columns)[number]) => takeCells(unpackColumn(column), rows)
  return { rows: rows.length, columns: columns.map((column) => packColumn(take(column))) }
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
