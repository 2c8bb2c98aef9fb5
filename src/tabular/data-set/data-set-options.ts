import type { ReadingLimit } from '../reading-limit.js'
import type { ColumnSchema, ColumnType, NestedColumn } from '../table-format.js'
import type { RowFilter } from './row-filter.js'
import type { Season } from './seasons.js'

/** A file or a folder. */
export interface DataPath {
  /** Absolute. */
  readonly path: string
  /**
   * The absolute folder from which `key=value` in names of folders make columns. Of a folder it is the folder itself unless given,
   * of a file there is none.
   */
  readonly base?: string | undefined
}

/** What a data set is made of, as plain data, so that a thread can be told. */
export interface DataSetOptions {
  /** The folder that names of files are relative to, and that nothing is read outside of. */
  readonly root: string
  /** In reading order; a folder stands for the files below it, sorted by name. */
  readonly paths: readonly (string | DataPath)[]
  /** The configuration key, for errors. */
  readonly where: string
  /** The columns that will be read; all when undefined. Files need to agree on these alone. */
  readonly columns?: readonly string[] | undefined
  readonly types?: Readonly<Record<string, ColumnType>> | undefined
  readonly delimiter?: string | undefined
  /** Columns of lists that may be asked for as vectors. */
  readonly vectors?: readonly string[] | undefined
  /** Only rows count for which all of them hold. */
  readonly filters?: readonly RowFilter[] | undefined
  readonly time?: TimeOptions | undefined
  /** Of the rows that are left, so many at random. */
  readonly sample?: { readonly rows: number; readonly seed: number } | undefined
  /**
   * Whether tables of text files, which can only be read as a whole, stay in memory from the opening on (so unless given), or are read
   * again each time.
   */
  readonly hold?: boolean | undefined
  /** What reading may take; without a bound when undefined. */
  readonly limit?: ReadingLimit | undefined
}

export interface TimeOptions {
  /** The column of timestamps, or of texts in ISO 8601. */
  readonly column: string
  /** Milliseconds since the epoch, included. */
  readonly start?: number | undefined
  /** Milliseconds since the epoch, not included. */
  readonly end?: number | undefined
  /** Only rows of these hours, weekdays or months, in UTC. */
  readonly season?: { readonly kind: Season; readonly values: readonly number[] } | undefined
}

/** What changes when somebody writes to a file. */
export interface FileStamp {
  readonly size: number
  /** Nanoseconds since the epoch, as text. */
  readonly modified: string
  readonly inode: string
}

/** What opening has found out about a file. */
export interface FileFacts {
  readonly path: string
  /** Relative to the root, with `/`. */
  readonly name: string
  /** Values of the columns that the names of folders make; undefined where one is missing. */
  readonly partition: readonly (readonly [column: string, value: string | undefined])[]
  readonly stamp: FileStamp
  readonly sha256: string
  /** In the file. */
  readonly rows: number
  /** The rows that count, ascending from 0; all when undefined. Its memory is shared between threads. */
  readonly selected: Uint32Array | undefined
}

/** A column of a file whose values are lists, maps, structs, or of a type that cannot be read. */
export interface NestedInFile extends NestedColumn {
  readonly file: string
}

/** All that opening has found out, to be handed to a thread: it can be cloned, and copies no selection. */
export interface OpenedFacts {
  readonly options: DataSetOptions
  readonly files: readonly FileFacts[]
  readonly columns: readonly ColumnSchema[]
  /** Made by the names of folders. */
  readonly partitions: readonly ColumnSchema[]
  /** Those that are left out, each with the first file in which it is. */
  readonly nested: readonly NestedInFile[]
  /** Whether there are files that can only be read as a whole. */
  readonly isText: boolean
}
