import type { Table } from '../domain/table/column.js'

/** One record of delimited text from `start`; undefined where the bytes end before it does. */
export type CsvRecordReader = (
  bytes: Buffer,
  start: number,
  delimiter: number,
) =>
  | {
      readonly cells: readonly string[]
      /** Where the next record begins. */
      readonly next: number
      readonly fault?: string | undefined
    }
  | undefined

/** How logs of predictions are read where it takes more than lines of JSON. */
export interface LogReaders {
  readonly csvRecord: CsvRecordReader
  /** Those of the columns that a file of Parquet or Arrow has, a bounded number of rows at a time. Throws UserError for a broken file. */
  readonly tables: (
    path: string,
    options: {
      readonly shownAs: string
      readonly columns: readonly string[]
      readonly signal: AbortSignal
    },
  ) => AsyncIterable<Table>
}
