/**
 * A table in memory, column by column. Missing cells (null, NaN, an unquoted empty CSV cell) are never
 * mixed with values: `valid[i] === 0` marks them, and `values[i]` is NaN or `codes[i]` is -1 there.
 */
export interface NumericColumn {
  readonly kind: 'numeric'
  readonly name: string
  /** `timestamp` values are milliseconds since the epoch, UTC. */
  readonly type: 'integer' | 'number' | 'timestamp'
  /** One value a row; NaN where missing. Infinities are kept. */
  readonly values: Float64Array
  readonly missing: number
}

export interface CategoricalColumn {
  readonly kind: 'categorical'
  readonly name: string
  /** Integers beyond 2^53 are kept as their decimal text, so that identifiers never lose a digit. */
  readonly type: 'string' | 'boolean'
  /** Index into `categories` for each row; -1 where missing. */
  readonly codes: Int32Array
  /** Distinct values in order of first appearance. Booleans are `false` and `true`. */
  readonly categories: readonly string[]
  readonly missing: number
}

export type Column = NumericColumn | CategoricalColumn

export interface Table {
  readonly rows: number
  readonly columns: readonly Column[]
}

/** The column of that name, if the table has it. */
export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name)
}

/** The cell as text, or undefined where it is missing. Numbers are written as JavaScript writes them. */
export function cellText(column: Column, row: number): string | undefined {
  if (column.kind === 'categorical') return column.categories[column.codes[row] ?? -1]
  const value = column.values[row] ?? Number.NaN
  return Number.isNaN(value) ? undefined : String(value)
}

/** How many cells a column has, missing ones too. */
export function lengthOf(column: Column): number {
  return column.kind === 'numeric' ? column.values.length : column.codes.length
}
