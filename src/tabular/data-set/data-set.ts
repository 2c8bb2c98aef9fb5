import type { Table } from '../../domain/table/column.js'
import type { Subject } from '../../statements/statement.js'
import type { PackedTable } from '../packed/packed-table.js'
import type { ColumnSchema, PartRequest, ReadTable } from '../table-format.js'
import { readerOf } from './data-file.js'
import type { OpenedFacts } from './data-set-options.js'
import { refuseChanged } from './file-stamp.js'
import {
  type MixedCells,
  readBatches,
  readColumns,
  readPacked,
  type SetState,
} from './read-columns.js'
import { readVectors } from './read-vectors.js'
import { timesKnownOf } from './times.js'
import type { Vectors } from './vector-rows.js'

/** Files that are read as one table, column by column, of the rows that count. */
export interface OpenDataSet {
  /** The files behind it in reading order, hashed. Those whose partition no row that counts can be in are left out. */
  readonly files: readonly Subject[]
  /** Rows that count: after filters, window, season and sample. */
  readonly rows: number
  /** Names and types over all files; columns of partitions last. Of text that is not held, types as its first rows have them. */
  readonly columns: readonly ColumnSchema[]
  /** Whether columns are best read one at a time, or all that will be needed at once, since each reading parses the files. */
  readonly preferredBatch: 'column' | 'all'
  /** Columns of text files that looked typed until their first text, as far as they were read. */
  readonly mixed: readonly MixedCells[]
  /** Some columns of all files, one below the other. */
  readonly read: (names: readonly string[], signal?: AbortSignal) => Promise<Table>
  /** The same in a fraction of the memory, which threads can share. */
  readonly readPacked: (names: readonly string[], signal?: AbortSignal) => Promise<PackedTable>
  /**
   * The same a bounded number of rows at a time: a row group of Parquet, or some ten thousand lines of text; a file that is held, or that
   * is Arrow, as a whole. Types may differ between tables. A column of text files that turns out as text after numbers is absent from
   * there on and named in `mixed`: it is to be read again with `types`.
   */
  readonly batches: (names: readonly string[], options?: BatchOptions) => AsyncGenerator<ReadTable>
  /** Vectors: one column of lists, or the columns of the components (`emb_*`). */
  readonly readVectors: (names: readonly string[], signal?: AbortSignal) => Promise<Vectors>
  /** The time of each row that counts in milliseconds, NaN where missing; read once. Without a time column undefined. */
  readonly times: (signal?: AbortSignal) => Promise<Float64Array | undefined>
  /** Throws MW-DATA-302 if a file has changed since it was opened. Each reading asks this of what it reads. */
  readonly check: () => Promise<void>
  /** What a thread needs to read its share of the columns. */
  readonly describe: () => OpenedFacts
}

/** What is said to a reading in batches. */
export type BatchOptions = Pick<PartRequest, 'types' | 'signal'>

/** A data set that was opened elsewhere: nothing is hashed, and no rows are looked for again. Files of text are read when asked for. */
export function reopenDataSet(facts: OpenedFacts): OpenDataSet {
  const { options, columns, partitions, nested } = facts
  const files = facts.files.map((file) => ({
    facts: file,
    reader: readerOf(file, options),
    held: undefined,
  }))
  return createDataSet({ options, files, columns, partitions, nested, mixed: [] }, facts.isText)
}

export function createDataSet(state: SetState, isText: boolean): OpenDataSet {
  const { options, columns, partitions, nested, mixed } = state
  const facts = state.files.map((file) => file.facts)
  const rows = facts.reduce((sum, file) => sum + (file.selected?.length ?? file.rows), 0)
  // Files of text are all held, or none is.
  const isHeld = state.files.some(({ held }) => held !== undefined)
  let times: Promise<Float64Array> | undefined
  return {
    files: facts.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    rows,
    columns,
    preferredBatch: isText && !isHeld ? 'all' : 'column',
    mixed,
    read: (names, signal) => readColumns(state, { names, signal }),
    readPacked: (names, signal) => readPacked(state, { names, signal }),
    batches: (names, options) => readBatches(state, { names, ...options }),
    readVectors: (names, signal) => readVectors(state, names, signal),
    times: async (signal) => {
      if (options.time === undefined) return undefined
      times ??= readTimes(state, options.time.column, signal)
      return times
    },
    check: async () => {
      for (const { reader } of state.files) await refuseChanged(reader.file)
    },
    describe: () => ({ options, files: facts, columns, partitions, nested, isText }),
  }
}

async function readTimes(
  state: SetState,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const [column] = (await readColumns(state, { names: [name], signal })).columns
  return column === undefined ? new Float64Array(0) : timesKnownOf(column, state.options.where)
}
