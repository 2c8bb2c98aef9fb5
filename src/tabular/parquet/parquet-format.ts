import type { Compressors, RowGroup } from 'hyparquet'
import type { Column, Table } from '../../domain/table/column.js'
import { CancelledError, UserError } from '../../errors.js'
import { throwIfCancelled } from '../byte-source.js'
import { refuseDuplicates, selectColumns } from '../column-names.js'
import { textNotUtf8 } from '../column-problems.js'
import { uuidText } from '../finish-column.js'
import { NeedsText } from '../needs-text.js'
import type { ReadRequest, TableFormat, TableSchema } from '../table-format.js'
import { codecsFor } from './codecs.js'
import { readPages } from './column-pages.js'
import { booleanSink, type ColumnSink, integerText, numericSink, textSink } from './column-sinks.js'
import {
  canBeRead,
  type LeafColumn,
  type Meaning,
  meaningOf,
  refuseNested,
  topColumns,
  typeOf,
} from './leaf-column.js'
import { type ParquetFile, withParquetFile } from './parquet-file.js'
import { damaged } from './parquet-problems.js'

/**
 * Parquet. Null and NaN are missing. Dates and timestamps become milliseconds, decimals numbers, text
 * categories; a column of 64-bit integers with one beyond 2^53 becomes text with the exact digits. Nested
 * columns are refused when they are asked for, or when no columns are named. A column is read at a time, a
 * row group at a time, so that memory is the result and one column chunk.
 */
export const parquetFormat: TableFormat = {
  readTable: (request) => withParquetFile(request, (file) => readParquet(file, request)),
  readSchema: (request) => withParquetFile(request, async (file) => schemaOf(file, request)),
}

async function readParquet(file: ParquetFile, request: ReadRequest): Promise<Table> {
  const columns = wantedColumns(file, request)
  const codecs = await codecsFor(file.metadata, file.shownAs)
  const read: Column[] = []
  for (const column of columns) {
    const source = { file, column, codecs, signal: request.signal }
    read.push(await readColumn(source, meaningOf(column, file.shownAs)))
  }
  return { rows: file.rows, columns: read }
}

function wantedColumns(file: ParquetFile, request: ReadRequest): LeafColumn[] {
  const found = topColumns(file)
  const names = found.map((column) => column.name)
  refuseDuplicates(names, file.shownAs)
  const wanted = selectColumns(names, request.columns, file.shownAs).flatMap(
    (index) => found[index] ?? [],
  )
  refuseNested(wanted, file.shownAs)
  return wanted
}

interface ColumnSource {
  readonly file: ParquetFile
  readonly column: LeafColumn
  readonly codecs: Compressors
  readonly signal: AbortSignal | undefined
}

async function readColumn(source: ColumnSource, meaning: Meaning): Promise<Column> {
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

async function readInto(source: ColumnSource, makeSink: () => ColumnSink): Promise<Column> {
  const { file, column } = source
  let group = 0
  try {
    const sink = makeSink()
    for (const rowGroup of file.metadata.row_groups) {
      group++
      throwIfCancelled(source.signal)
      await readChunk(source, rowGroup, sink)
    }
    return sink.finish()
  } catch (cause) {
    if (cause instanceof UserError || cause instanceof CancelledError) throw cause
    if (cause instanceof NeedsText) throw cause
    const where = `column ${JSON.stringify(column.name)} in row group ${group}`
    throw damaged(file.shownAs, `${where} cannot be decoded`, cause)
  }
}

async function readChunk(source: ColumnSource, group: RowGroup, sink: ColumnSink): Promise<void> {
  const { file, column, codecs } = source
  const chunk = group.columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === column.name)
  const meta = chunk?.meta_data
  if (meta === undefined || meta.type !== column.element.type) throw new Error('no such column')
  if (meta.num_values !== group.num_rows) throw new Error('the footer contradicts itself')
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
  const bytes = await file.read(start, start + Number(meta.total_compressed_size))
  readPages({ column, meta, bytes, codecs }, sink)
}

function schemaOf(file: ParquetFile, { skipNested }: ReadRequest): TableSchema {
  const found = topColumns(file)
  const columns = skipNested === true ? found.filter((column) => canBeRead(column)) : found
  refuseNested(columns, file.shownAs)
  const sizes = columnSizes(file)
  return {
    rows: file.rows,
    columns: columns.map((column) => ({
      name: column.name,
      type: typeOf(meaningOf(column, file.shownAs)),
      bytes: sizes.get(column.name) ?? 0,
    })),
  }
}

/** Decompressed bytes of each top-level column over all row groups. */
function columnSizes(file: ParquetFile): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const { columns } of file.metadata.row_groups) {
    for (const { meta_data: meta } of columns) {
      const name = meta?.path_in_schema[0] ?? ''
      sizes.set(name, (sizes.get(name) ?? 0) + Number(meta?.total_uncompressed_size ?? 0))
    }
  }
  return sizes
}
