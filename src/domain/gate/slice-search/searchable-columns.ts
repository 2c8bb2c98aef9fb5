import type { Column, Table } from '../../table/column.js'

export interface SearchableInput {
  readonly table: Table
  /** Each example's row in the table. */
  readonly rows: Int32Array
  /** Ids, labels, predictions, scores, weights, clusters: what says nothing of an example before it is judged. */
  readonly except: ReadonlySet<string>
  /** The columns that the user named, in this order; all others where there are none. Unknown names are left out. */
  readonly only?: readonly string[] | undefined
}

/** The columns that slices are made of, cut to the examples' rows. */
export function searchableColumns({ table, rows, except, only }: SearchableInput): Column[] {
  const named = only?.flatMap((name) => table.columns.filter((column) => column.name === name))
  const columns = named ?? table.columns.filter(({ name }) => !except.has(name))
  return columns.map((column) => cutColumn(column, rows))
}

function cutColumn(column: Column, rows: Int32Array): Column {
  if (column.kind === 'numeric') {
    const values = Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN)
    return { ...column, values, missing: values.filter(Number.isNaN).length }
  }
  const codes = Int32Array.from(rows, (row) => column.codes[row] ?? -1)
  return { ...column, codes, missing: codes.filter((code) => code < 0).length }
}
