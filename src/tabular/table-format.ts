import type { Table } from '../domain/table/column.js'

export type ColumnType = 'number' | 'integer' | 'string' | 'boolean' | 'timestamp'

/** What a format needs to know to read one file. */
export interface ReadRequest {
  readonly path: string
  /** The path as the user wrote it: named in every error. */
  readonly shownAs: string
  /** Names of the wanted columns in the wanted order; all when undefined. */
  readonly columns?: readonly string[] | undefined
  /** One ASCII character; detected when undefined. Only formats of delimited text look at it. */
  readonly delimiter?: string | undefined
  /** Column types that the user stated; a cell that does not fit is an error. */
  readonly types?: Readonly<Record<string, ColumnType>> | undefined
  /** In a schema: leave out the columns that cannot be read, instead of refusing the file. */
  readonly skipNested?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ColumnSchema {
  readonly name: string
  readonly type: ColumnType
  /** Decompressed, where the file says so. */
  readonly bytes?: number | undefined
}

export interface TableSchema {
  /** Undefined where only reading the whole file could tell. */
  readonly rows: number | undefined
  /** Of formats that can hold lists, maps and structs, the columns without such values. */
  readonly columns: readonly ColumnSchema[]
}

/** One file format: bytes to typed columns. */
export interface TableFormat {
  readonly readTable: (request: ReadRequest) => Promise<Table>
  readonly readSchema: (request: ReadRequest) => Promise<TableSchema>
}
