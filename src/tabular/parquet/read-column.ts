import type { Compressors, RowGroup } from 'hyparquet'
import type { Column } from '../../domain/table/column.js'
import { CancelledError, UserError } from '../../errors.js'
import { throwIfCancelled } from '../byte-source.js'
import { textNotUtf8 } from '../column-problems.js'
import { uuidText } from '../finish-column.js'
import { NeedsText } from '../needs-text.js'
import { columnTooLarge } from '../reading-limit.js'
import { type PageSink, readPages } from './column-pages.js'
import { booleanSink, type ColumnSink, integerText, numericSink, textSink } from './column-sinks.js'
import type { LeafColumn, Meaning } from './leaf-column.js'
import type { ParquetFile } from './parquet-file.js'
import { damaged } from './parquet-problems.js'

export interface ColumnSource {
  readonly file: ParquetFile
  readonly column: LeafColumn
  readonly codecs: Compressors
  readonly signal: AbortSignal | undefined
  /** What the column may take, in bytes; without a bound when undefined. */
  readonly most?: number | undefined
}

/** One column of all the row groups that are to be read. */
export async function readColumn(source: ColumnSource, meaning: Meaning): Promise<Column> {
  const { file, column } = source
  try {
    return await readInto(source, () => sinkFor(column, meaning, file))
  } catch (cause) {
    if (!(cause instanceof NeedsText)) throw cause
    const bytesOf = integerText(meaning.kind === 'uint64')
    return readInto(source, () => textSink(column.name, file.rows, { bytesOf, onInvalid }))
  }
  function onInvalid(): Error {
    return textNotUtf8(file.shownAs, column.name)
  }
}

function sinkFor(column: LeafColumn, meaning: Meaning, file: ParquetFile): ColumnSink {
  const { name } = column
  if (meaning.kind === 'boolean') return booleanSink(name, file.rows)
  if (meaning.kind !== 'text' && meaning.kind !== 'uuid') {
    return numericSink(name, meaning, file.rows)
  }
  const bytesOf = meaning.kind === 'uuid' ? uuidText : (value: unknown) => value as Uint8Array
  const onInvalid = () => textNotUtf8(file.shownAs, name)
  return textSink(name, file.rows, { bytesOf, onInvalid })
}

/** Hands the pages of the column to a sink. Throws MW-DATA-014 naming the row group. */
export async function readInto<T>(
  source: ColumnSource,
  makeSink: () => PageSink & { readonly finish: () => T },
): Promise<T> {
  const { file, column } = source
  let number = 0
  try {
    const sink = makeSink()
    for (const { number: place, group } of file.groups) {
      number = place
      throwIfCancelled(source.signal)
      await readChunk(source, group, sink)
    }
    return sink.finish()
  } catch (cause) {
    if (cause instanceof UserError || cause instanceof CancelledError) throw cause
    if (cause instanceof NeedsText) throw cause
    const where = `column ${JSON.stringify(column.name)} in row group ${number}`
    throw damaged(file.shownAs, `${where} cannot be decoded`, cause)
  }
}

async function readChunk(source: ColumnSource, group: RowGroup, sink: PageSink): Promise<void> {
  const { file, column, codecs, most } = source
  const chunk = group.columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === column.name)
  const meta = chunk?.meta_data
  if (meta === undefined || meta.type !== column.element.type) throw new Error('no such column')
  // A list has as many values as it is long, and one where it is missing.
  if (column.list === undefined && meta.num_values !== group.num_rows) {
    throw new Error('the footer contradicts itself')
  }
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
  const bytes = await file.read(start, start + Number(meta.total_compressed_size))
  // What the footer says may be too little: pages say for themselves what is to be taken for them.
  const onUnpacked = (needed: number) => {
    if (most !== undefined && needed > most) {
      throw columnTooLarge(file.shownAs, column.name, { needed, most })
    }
  }
  readPages({ column, meta, bytes, codecs, onUnpacked }, sink)
}
