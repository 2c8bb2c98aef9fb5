import type { Table } from '../domain/table/column.js'
import type { PackedTable } from './packed/packed-table.js'
import type { ReadingLimit } from './reading-limit.js'

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
  /** Reads lists and objects in columns of other values as a text that stands for them. Only formats of nested text look at it. */
  readonly nestedAsText?: boolean | undefined
  /** Columns of lists that are to be read as the JSON text of the lists. Only formats of nested text look at it. */
  readonly lists?: readonly string[] | undefined
  /** What may be taken, of formats that can tell while they read. */
  readonly limit?: ReadingLimit | undefined
  /** What may be unpacked of the file, of formats that cannot tell what they hold: in bytes. */
  readonly mostUnpacked?: number | undefined
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
  /** Those that are left out; absent where there are none. */
  readonly nested?: readonly NestedColumn[] | undefined
  /** Rows that were not looked at may have further columns. */
  readonly mayGrow?: boolean | undefined
}

/** A column that is left out since its values are lists, maps, structs, or of a type that cannot be read. */
export interface NestedColumn {
  readonly name: string
  /** Of the first such value, counted from 1, where rows differ. */
  readonly row?: number | undefined
}

/** Between which values those of a column lie, both included. Times are milliseconds. */
export interface ValueRange {
  readonly min: number | string
  readonly max: number | string
}

/** Rows that lie together in a file and can be read without the others: a row group of Parquet. */
export interface TablePart {
  readonly rows: number
  /** As the file says; undefined where it does not say, or cannot be trusted to. */
  readonly rangeOf: (column: string) => ValueRange | undefined
}

/** What to read of an open file. */
export interface PartRequest {
  readonly columns?: readonly string[] | undefined
  readonly types?: Readonly<Record<string, ColumnType>> | undefined
  /** Positions of the parts, ascending; all when undefined. */
  readonly parts?: readonly number[] | undefined
  readonly signal?: AbortSignal | undefined
}

/** A column of lists of numbers. */
export interface Lists {
  /** For each row the length of its list; -1 where there is none. */
  readonly lengths: Int32Array
  /** The numbers of all lists, one after the other; NaN where one is missing. */
  readonly values: Float64Array
}

/** A file of which names, types and parts are known, so that columns can be read one by one. Holds no handle. */
export interface OpenTable {
  /** Of the columns that are not nested. */
  readonly schema: TableSchema
  /** In order; empty where a file is read as a whole. */
  readonly parts: readonly TablePart[]
  readonly read: (request: PartRequest) => Promise<ReadTable>
  /** The same packed while it is read, of formats that are read as a whole. */
  readonly readPacked?: ((request: PartRequest) => Promise<PackedTable>) | undefined
  /** The same about `most` rows at a time, of formats that are read as a whole. */
  readonly readBatches?:
    | ((request: PartRequest, most: number) => AsyncGenerator<ReadTable>)
    | undefined
  /** Reads a column of lists; undefined where the column is none. Formats without lists have them as text. */
  readonly readLists?:
    | ((name: string, request: PartRequest) => Promise<Lists | undefined>)
    | undefined
}

/** A column whose first cells were numbers, truth values or times, and then came a text: all of it is text. */
export interface MixedColumn {
  readonly column: string
  /** Of the first text, counted from 1 without the header. */
  readonly row: number
}

export interface ReadTable extends Table {
  /** Where a format infers types; absent where there are none. */
  readonly mixed?: readonly MixedColumn[]
  /** Columns that were left out; absent where there are none. */
  readonly nested?: readonly NestedColumn[] | undefined
}

export type OpenRequest = Pick<
  ReadRequest,
  'path' | 'shownAs' | 'delimiter' | 'types' | 'limit' | 'signal'
>

/** One file format: bytes to typed columns. */
export interface TableFormat {
  readonly readTable: (request: ReadRequest) => Promise<ReadTable>
  readonly readSchema: (request: ReadRequest) => Promise<TableSchema>
  /** As `readTable`, packed while it is read. */
  readonly readPacked?: ((request: ReadRequest) => Promise<PackedTable>) | undefined
  /**
   * Reads about `most` rows at a time. Types are what the rows up to there have shown; a column that can be read no further without
   * knowing that it is text is absent from there on, and named in `mixed`.
   */
  readonly readBatches?:
    | ((request: ReadRequest, most: number) => AsyncGenerator<ReadTable>)
    | undefined
  /** For formats in which a column can be read without the others. */
  readonly open?: ((request: OpenRequest) => Promise<OpenTable>) | undefined
}
