import type { Column, Table } from '../domain/table/column.js'

/** A table in memory that threads share, so that handing it over copies no cell. */
export function shareTable(table: Table): Table {
  return { rows: table.rows, columns: table.columns.map(shareColumn) }
}

function shareColumn(column: Column): Column {
  if (column.kind === 'numeric') {
    if (isShared(column.values)) return column
    const values = new Float64Array(new SharedArrayBuffer(column.values.byteLength))
    values.set(column.values)
    return { ...column, values }
  }
  if (isShared(column.codes)) return column
  const codes = new Int32Array(new SharedArrayBuffer(column.codes.byteLength))
  codes.set(column.codes)
  return { ...column, codes }
}

/** Of some formats columns are read into such memory. */
function isShared({ buffer }: Float64Array | Int32Array): boolean {
  return buffer instanceof SharedArrayBuffer
}
