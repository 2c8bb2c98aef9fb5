import type { DataType, Field } from '@uwdata/flechette'
import { Type } from '@uwdata/flechette/src/constants.js'
import type { Column, Table } from '../../domain/table/column.js'
import { CancelledError, UserError } from '../../errors.js'
import { throwIfCancelled } from '../byte-source.js'
import { refuseDuplicates, selectColumns } from '../column-names.js'
import { nestedColumns, textNotUtf8, unsupported } from '../column-problems.js'
import { NeedsText } from '../needs-text.js'
import type {
  OpenRequest,
  OpenTable,
  PartRequest,
  ReadRequest,
  TableFormat,
  TableSchema,
} from '../table-format.js'
import { type ArrowFile, type Batch, withArrowFile, withKnownFile } from './arrow-file.js'
import { damaged } from './arrow-problems.js'
import { bitsOf, isNested, type Meaning, meaningOf, typeName, typeOf } from './arrow-types.js'
import { codecOf } from './codecs.js'
import {
  booleanDecoder,
  type Decoder,
  dereference,
  numericDecoder,
  textDecoder,
} from './column-decoder.js'
import { type Cells, checkRoom, type Part, partsOf, readCells } from './layout.js'
import { listLayout, readLists } from './list-column.js'

/**
 * Arrow IPC, files and streams. What is missing and what types become is as in Parquet: null and NaN are
 * missing, dates and timestamps milliseconds, decimals numbers, text and dictionaries of it categories; a
 * column of 64-bit integers with one beyond 2^53 becomes text with the exact digits. Nested columns are
 * refused when they are asked for, or when no columns are named. A column is read at a time, a batch at a
 * time, and of other columns nothing.
 */
export const arrowFormat: TableFormat = {
  readTable: (request) => withArrowFile(request, (file) => readArrow(file, request)),
  readSchema: (request) => withArrowFile(request, async (file) => schemaOf(file, request)),
  open: (request) => withArrowFile(request, async (file) => openArrow(file, request)),
}

/** The metadata of the batches is read once for all columns that are asked for later. */
function openArrow(file: ArrowFile, request: OpenRequest): OpenTable {
  return {
    schema: schemaOf(file, { skipNested: true }),
    parts: [],
    read: (wanted) => withKnownFile(request, file, (known) => readArrow(known, wanted)),
    readLists: async (name) => {
      const index = file.fields.findIndex((field) => nameOf(field) === name)
      const field = file.fields[index]
      const layout = field && listLayout(field)
      if (layout === undefined) return undefined
      const found = findParts(file, new Set([index]))
      const parts = [...found].flatMap(([batch, own]) => {
        const part = own.get(index)
        return batch.dictionary === undefined && part !== undefined ? [{ batch, part }] : []
      })
      return withKnownFile(request, file, (known) =>
        readLists({ file: known, name, layout, parts }),
      )
    },
  }
}

interface WantedColumn {
  readonly index: number
  readonly field: Field
  readonly meaning: Meaning
}

/** For each batch of rows the parts of the wanted columns by position; a dictionary has one part, at 0. */
type Parts = ReadonlyMap<Batch, ReadonlyMap<number, Part>>

async function readArrow(file: ArrowFile, request: PartRequest): Promise<Table> {
  const wanted = wantedColumns(file, request)
  const parts = findParts(file, new Set(wanted.map(({ index }) => index)))
  const columns: Column[] = []
  for (const column of wanted) {
    columns.push(await readColumn({ file, column, parts, signal: request.signal }))
  }
  return { rows: file.rows, columns }
}

function wantedColumns(file: ArrowFile, request: PartRequest): WantedColumn[] {
  const names = file.fields.map(nameOf)
  refuseDuplicates(names, file.shownAs)
  const indices = selectColumns(names, request.columns, file.shownAs)
  refuseNested(
    indices.flatMap((index) => file.fields[index] ?? []),
    file.shownAs,
  )
  return indices.flatMap((index) => {
    const field = file.fields[index]
    return field === undefined ? [] : [{ index, field, meaning: meaningIn(field, file.shownAs) }]
  })
}

/** The metadata may leave it out. */
function nameOf(field: Field): string {
  return (field.name as string | null) ?? ''
}

function refuseNested(fields: readonly Field[], shownAs: string): void {
  const nested = fields.filter(isNested)
  if (nested.length > 0) throw nestedColumns(shownAs, nested.map(nameOf))
}

/** Throws MW-DATA-017 for types that are neither numbers, text, truth values nor times. */
function meaningIn(field: Field, shownAs: string): Meaning {
  const meaning = meaningOf(field)
  if (meaning !== undefined) return meaning
  const column = `column ${JSON.stringify(nameOf(field))} of type ${typeName(field)}`
  throw unsupported(shownAs, column)
}

function findParts(file: ArrowFile, wanted: ReadonlySet<number>): Parts {
  const types = file.fields.map(({ type }) => type)
  const values = new Map<number, DataType>()
  for (const { type } of file.fields) {
    if (type.typeId === Type.Dictionary) values.set(type.id, type.dictionary)
  }
  const parts = new Map<Batch, ReadonlyMap<number, Part>>()
  try {
    for (const batch of file.batches) {
      if (batch.dictionary === undefined) parts.set(batch, partsOf(types, wanted, batch))
      const type = batch.dictionary && values.get(batch.dictionary.id)
      if (type !== undefined) parts.set(batch, partsOf([type], new Set([0]), batch))
    }
  } catch (cause) {
    throw damaged(file.shownAs, 'a batch contradicts the schema', cause)
  }
  return parts
}

interface ColumnSource {
  readonly file: ArrowFile
  readonly column: WantedColumn
  readonly parts: Parts
  readonly signal: AbortSignal | undefined
}

async function readColumn(source: ColumnSource): Promise<Column> {
  const { file, column } = source
  const { field, meaning } = column
  const name = nameOf(field)
  const asText = () => textDecoder(name, meaning, () => textNotUtf8(file.shownAs, name))
  try {
    if (typeOf(meaning) === 'string') return await readWith(source, asText())
    if (meaning.kind === 'boolean') return await readWith(source, booleanDecoder(name))
    return await readWith(source, numericDecoder(name, meaning))
  } catch (cause) {
    if (!(cause instanceof NeedsText)) throw cause
    return readWith(source, asText())
  }
}

async function readWith<T extends Float64Array | Int32Array>(
  source: ColumnSource,
  decoder: Decoder<T>,
): Promise<Column> {
  const { file, column, signal } = source
  let number = 0
  try {
    await checkColumn(source)
    const output = decoder.make(file.rows)
    let lookup = decoder.make(0)
    let start = 0
    for (const batch of batchesOf(source)) {
      throwIfCancelled(signal)
      if (batch.dictionary === undefined) number++
      const cells = await cellsOf(source, batch)
      if (batch.dictionary !== undefined) {
        lookup = extended(decoder, batch.dictionary.isDelta ? lookup : decoder.make(0), cells)
        continue
      }
      const end = start + batch.rows
      fillRows(
        { decoder, lookup, type: column.field.type },
        output.subarray(start, end) as T,
        cells,
      )
      start = end
    }
    return decoder.finish(output)
  } catch (cause) {
    if (cause instanceof UserError || cause instanceof CancelledError) throw cause
    if (cause instanceof NeedsText) throw cause
    const where = `column ${JSON.stringify(nameOf(column.field))} in batch ${number}`
    throw damaged(file.shownAs, `${where} cannot be decoded`, cause)
  }
}

/** Those of rows, and those of the dictionary of the column. */
function batchesOf({ file, column }: ColumnSource): Batch[] {
  const { type } = column.field
  const id = type.typeId === Type.Dictionary ? type.id : undefined
  return file.batches.filter(({ dictionary }) => dictionary === undefined || dictionary.id === id)
}

function partOf({ parts, column }: ColumnSource, batch: Batch): Part {
  const part = parts.get(batch)?.get(batch.dictionary === undefined ? column.index : 0)
  if (part === undefined) throw new Error('no such column')
  return part
}

const MOST_ROWS_OF_NOTHING = 1 << 24

/** Before memory is taken for as many rows as the file claims. */
async function checkColumn(source: ColumnSource): Promise<void> {
  const { file, column } = source
  const { type } = column.field
  const valueBits = bitsOf(column.meaning)
  const bits = type.typeId === Type.Dictionary ? type.indices.bitWidth : valueBits
  // Nothing but nulls takes no bytes: what else is in the file is all there is to believe it by.
  const bytes = file.batches.reduce((sum, { body }) => sum + body.length, 0)
  if (valueBits === 0 && file.rows > Math.max(MOST_ROWS_OF_NOTHING, bytes * 8)) {
    throw new Error('the file claims an impossible number of rows')
  }
  for (const batch of batchesOf(source)) {
    const codec = await codecOf(batch.content, file.shownAs)
    checkRoom(partOf(source, batch), batch.dictionary === undefined ? bits : valueBits, codec)
  }
}

async function cellsOf(source: ColumnSource, batch: Batch): Promise<Cells> {
  const codec = await codecOf(batch.content, source.file.shownAs)
  return readCells({ batch, part: partOf(source, batch), codec, read: source.file.read })
}

/** A dictionary with the values of a batch behind those that it has. */
function extended<T extends Float64Array | Int32Array>(
  decoder: Decoder<T>,
  before: T,
  cells: Cells,
): T {
  const values = decoder.make(before.length + cells.rows)
  values.set(before)
  decoder.fill(values.subarray(before.length) as T, cells)
  return values
}

function fillRows<T extends Float64Array | Int32Array>(
  { decoder, lookup, type }: { decoder: Decoder<T>; lookup: T; type: DataType },
  output: T,
  cells: Cells,
): void {
  if (type.typeId !== Type.Dictionary) {
    decoder.fill(output, cells)
    return
  }
  dereference(output, cells, { bits: type.indices.bitWidth, lookup, missing: decoder.missing })
}

function schemaOf(file: ArrowFile, { skipNested }: Pick<ReadRequest, 'skipNested'>): TableSchema {
  refuseDuplicates(file.fields.map(nameOf), file.shownAs)
  const isRead = (field: Field) => !isNested(field) && meaningOf(field) !== undefined
  const shown = file.fields.filter((field) => skipNested !== true || isRead(field))
  refuseNested(shown, file.shownAs)
  const parts = findParts(file, new Set(file.fields.keys()))
  const columns = shown.map((field) => {
    const type = typeOf(meaningIn(field, file.shownAs))
    return { name: nameOf(field), type, bytes: columnBytes(file, field, parts) }
  })
  const left = file.fields.filter((field) => !shown.includes(field))
  const nested = left.map((field) => ({ name: nameOf(field) }))
  return { rows: file.rows, columns, ...(nested.length > 0 ? { nested } : {}) }
}

/** How much larger compressed buffers are taken to be, as of gzip. */
const COMPRESSION_FACTOR = 8

/** Bytes of all buffers of a column, or of its dictionary. */
function columnBytes(file: ArrowFile, field: Field, parts: Parts): number {
  const { type } = field
  const id = type.typeId === Type.Dictionary ? type.id : undefined
  const index = id === undefined ? file.fields.indexOf(field) : 0
  let bytes = 0
  for (const batch of file.batches) {
    if (batch.dictionary?.id !== id) continue
    const factor = batch.content.compression ? COMPRESSION_FACTOR : 1
    const regions = parts.get(batch)?.get(index)?.regions ?? []
    for (const { length } of regions) bytes += length * factor
  }
  return bytes
}
