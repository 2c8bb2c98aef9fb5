import type { Column, Table } from '../../domain/table/column.js'
import { refuseDuplicates, selectColumns } from '../column-names.js'
import { unsupported } from '../column-problems.js'
import { NeedsText } from '../needs-text.js'
import type {
  Lists,
  OpenRequest,
  OpenTable,
  PartRequest,
  ReadRequest,
  TableFormat,
  TableSchema,
} from '../table-format.js'
import { codecsFor } from './codecs.js'
import {
  canBeRead,
  type LeafColumn,
  listLeaf,
  type Meaning,
  meaningOf,
  refuseNested,
  topColumns,
  typeOf,
} from './leaf-column.js'
import { listSink } from './list-sink.js'
import { type ParquetFile, withKnownFile, withParquetFile } from './parquet-file.js'
import { readColumn, readInto } from './read-column.js'
import { refuseTooLarge } from './refuse-too-large.js'
import { partOf } from './value-ranges.js'

/**
 * Parquet. Null and NaN are missing. Dates and timestamps become milliseconds, decimals numbers, text
 * categories; a column of 64-bit integers with one beyond 2^53 becomes text with the exact digits. Nested
 * columns are refused when they are asked for, or when no columns are named. A column is read at a time, a
 * row group at a time, so that memory is the result and one column chunk.
 */
export const parquetFormat: TableFormat = {
  readTable: (request) => withParquetFile(request, (file) => readParquet(file, request)),
  readSchema: (request) => withParquetFile(request, async (file) => schemaOf(file, request)),
  open: (request) => withParquetFile(request, async (file) => openParquet(file, request)),
}

/** The footer is read once for all columns that are asked for later. */
function openParquet(file: ParquetFile, request: OpenRequest): OpenTable {
  const { metadata } = file
  const columns = topColumns(file)
  refuseDuplicates(
    columns.map(({ name }) => name),
    file.shownAs,
  )
  const again = <T>(wanted: PartRequest, use: (file: ParquetFile) => Promise<T>) =>
    withKnownFile(request, { metadata, parts: wanted.parts }, use)
  return {
    schema: schemaOf(file, { skipNested: true }),
    parts: metadata.row_groups.map((group) => partOf(group, columns)),
    read: (wanted) =>
      again(wanted, (part) => readParquet(part, { ...wanted, most: request.limit?.column })),
    readLists: async (name, wanted) => {
      const leaf = columns.filter((column) => column.name === name && column.nested)[0]
      const list = leaf && listLeaf(leaf)
      if (list === undefined || !isNumber(meaningOf(list, request.shownAs))) return undefined
      return again(wanted, (part) => readLists(part, list, wanted))
    },
  }
}

async function readParquet(
  file: ParquetFile,
  request: PartRequest & { readonly most?: number | undefined },
): Promise<Table> {
  const columns = wantedColumns(file, request)
  const codecs = await codecsFor(file.metadata, file.shownAs)
  const read: Column[] = []
  for (const column of columns) {
    const { most, signal } = request
    const source = { file, column, codecs, signal, most }
    const meaning = meaningOf(column, file.shownAs)
    refuseTooLarge(source, meaning)
    read.push(await readColumn(source, meaning))
  }
  return { rows: file.rows, columns: read }
}

function isNumber(meaning: Meaning): boolean {
  return ['number', 'integer'].includes(typeOf(meaning))
}

async function readLists(
  file: ParquetFile,
  column: LeafColumn,
  { signal }: PartRequest,
): Promise<Lists> {
  const codecs = await codecsFor(file.metadata, file.shownAs)
  const meaning = meaningOf(column, file.shownAs)
  try {
    return await readInto({ file, column, codecs, signal }, () => listSink(column, meaning, file))
  } catch (cause) {
    if (!(cause instanceof NeedsText)) throw cause
    throw unsupported(file.shownAs, `column ${JSON.stringify(column.name)} of integers beyond 2^53`)
  }
}

function wantedColumns(file: ParquetFile, request: PartRequest): LeafColumn[] {
  const found = topColumns(file)
  const names = found.map((column) => column.name)
  refuseDuplicates(names, file.shownAs)
  const wanted = selectColumns(names, request.columns, file.shownAs).flatMap(
    (index) => found[index] ?? [],
  )
  refuseNested(wanted, file.shownAs)
  return wanted
}

function schemaOf(file: ParquetFile, { skipNested }: Pick<ReadRequest, 'skipNested'>): TableSchema {
  const found = topColumns(file)
  const columns = skipNested === true ? found.filter((column) => canBeRead(column)) : found
  refuseNested(columns, file.shownAs)
  const left = found.filter((column) => !columns.includes(column)).map(({ name }) => ({ name }))
  const sizes = columnSizes(file)
  return {
    rows: file.rows,
    columns: columns.map((column) => ({
      name: column.name,
      type: typeOf(meaningOf(column, file.shownAs)),
      bytes: sizes.get(column.name) ?? 0,
    })),
    ...(left.length > 0 ? { nested: left } : {}),
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
