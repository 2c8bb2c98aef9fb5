import { type Column, cellText, type Table } from '../../../domain/table/column.js'
import type { LogReaders } from '../../../ports/log-readers.js'
import type { Sink } from './source.js'

export interface TableFile {
  readonly path: string
  /** For messages. */
  readonly shownAs: string
  readonly columns: readonly string[]
  readonly signal: AbortSignal
  /** Rows that were given already. */
  readonly given: number
}

/** Gives the rows of a file of Parquet or Arrow to a sink; how many there were is told as they are given. */
export async function readTableFile(
  readers: LogReaders,
  file: TableFile,
  { sink, onRow }: { readonly sink: Sink; readonly onRow: () => void },
): Promise<void> {
  const { path, shownAs, columns, signal } = file
  let skip = file.given
  for await (const table of readers.tables(path, { shownAs, columns, signal })) {
    const from = Math.min(skip, table.rows)
    skip -= from
    for (let row = from; row < table.rows; row++) {
      sink.record(rowOf(table, row))
      onRow()
    }
  }
}

function rowOf({ columns }: Table, row: number): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  for (const column of columns) {
    const value = cellOf(column, row)
    if (value !== undefined) record[column.name] = value
  }
  return record
}

function cellOf(column: Column, row: number): string | number | Date | undefined {
  if (column.kind === 'categorical') return cellText(column, row)
  const value = column.values[row] ?? Number.NaN
  if (Number.isNaN(value)) return undefined
  return column.type === 'timestamp' ? new Date(value) : value
}
