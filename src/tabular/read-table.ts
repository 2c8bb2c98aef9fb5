import type { Table } from '../domain/table/column.js'
import { throwIfCancelled } from './byte-source.js'
import { formatOf } from './formats.js'
import type { ColumnType, TableSchema } from './table-format.js'

export { isTabular } from './formats.js'

export interface ReadTableOptions {
  /** The columns to read, in this order; all when absent. Those not named are not kept in memory. */
  readonly columns?: readonly string[] | undefined
  /** The path as the user wrote it: named in every error. The path itself when absent. */
  readonly shownAs?: string | undefined
  /** One ASCII character between the cells of a CSV file; detected among `, ; tab |` when absent. */
  readonly delimiter?: string | undefined
  /** Types that cells must have; a cell that does not fit is an error. Columns not named are inferred. */
  readonly types?: Readonly<Record<string, ColumnType>> | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a table (`.csv`, `.tsv`, `.jsonl`, `.ndjson`, these also packed by gzip or Zstandard, `.parquet`, `.arrow`,
 * `.arrows`, `.feather`) into typed columns. What is missing and how
 * columns are typed is said at each format. A file with a header only is a table of no rows. Everything that
 * is wrong with the file is a UserError MW-DATA-…; a fired signal is a CancelledError.
 */
export async function readTable(path: string, options: ReadTableOptions = {}): Promise<Table> {
  const request = { ...options, path, shownAs: options.shownAs ?? path }
  throwIfCancelled(options.signal)
  const format = await formatOf(request)
  return format.readTable(request)
}

/**
 * Names and types without reading all rows: from the footer of a Parquet file, from the metadata of
 * an Arrow file, from the first rows of a CSV
 * file (whose `rows` are then undefined, and whose types a later row may still change).
 */
export async function readSchema(
  path: string,
  options: Pick<ReadTableOptions, 'shownAs' | 'delimiter'> & {
    /** Leave out columns of lists, maps and structs, which are refused otherwise. */
    readonly skipNested?: boolean | undefined
  } = {},
): Promise<TableSchema> {
  const request = { ...options, path, shownAs: options.shownAs ?? path }
  const format = await formatOf(request)
  return format.readSchema(request)
}
