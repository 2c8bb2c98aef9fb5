import type { ColumnMetaData, Compressors, DataReader, PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js'
import { byteStreamSplit } from 'hyparquet/src/encoding.js'
import { readPlain } from 'hyparquet/src/plain.js'
import type { LeafColumn } from './leaf-column.js'
import { readRunLengths } from './run-length.js'

/** Values as they are stored: numbers, 64-bit integers, bytes or truth values. */
export type Physical =
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly Uint8Array[]
  | readonly bigint[]
  | readonly boolean[]

/** Which entries of a page begin a list, and at which level each is defined. */
export interface Levels {
  readonly repetition: Uint8Array
  readonly definition: Uint8Array
}

/** One page of a column. `present[i]` is 0 where row i of the page is null; undefined when none is. */
export interface Page {
  /** Of a column of lists, the entries. */
  readonly rows: number
  /** Of a column of lists. */
  readonly levels?: Levels | undefined
  readonly present: Uint8Array | undefined
  /** The values that are present, or their places in the dictionary. */
  readonly content: { readonly values: Physical } | { readonly indices: Int32Array }
}

export interface PageSink {
  readonly dictionary: (values: Physical) => void
  readonly page: (page: Page) => void
}

export interface ChunkToRead {
  readonly column: LeafColumn
  readonly meta: ColumnMetaData
  readonly bytes: ArrayBuffer
  readonly codecs: Compressors
  /** Told how many bytes there are with the page that is unpacked next; throws where they are too many. */
  readonly onUnpacked?: ((bytes: number) => void) | undefined
}

/**
 * Cuts a column chunk into pages and decodes them without assembling rows: nulls stay beside the values, and
 * dictionary indices stay indices. Throws a plain Error when the bytes are not what they should be.
 */
export function readPages(chunk: ChunkToRead, sink: PageSink): void {
  const reader: DataReader = { view: new DataView(chunk.bytes), offset: 0 }
  const expected = Number(chunk.meta.num_values)
  let rows = 0
  let unpacked = 0
  while (rows < expected) {
    const header = parquetHeader(reader)
    const size = header.compressed_page_size
    if (!(size >= 0 && reader.offset + size <= chunk.bytes.byteLength)) {
      throw new Error('a page goes beyond its column')
    }
    const bytes = new Uint8Array(chunk.bytes, reader.offset, size)
    reader.offset += size
    unpacked += header.uncompressed_page_size
    chunk.onUnpacked?.(unpacked)
    if (rows + valuesIn(header) > expected) {
      throw new Error('the pages hold more rows than the footer says')
    }
    rows += readPage({ header, bytes, chunk }, sink)
  }
  if (rows !== expected) throw new Error('the pages hold more rows than the footer says')
}

function valuesIn({ data_page_header: one, data_page_header_v2: two }: PageHeader): number {
  return one?.num_values ?? two?.num_values ?? 0
}

interface RawPage {
  readonly header: PageHeader
  readonly bytes: Uint8Array
  readonly chunk: ChunkToRead
}

/** Returns the rows in the page. */
function readPage(raw: RawPage, sink: PageSink): number {
  const { header } = raw
  if (header.type === 'INDEX_PAGE') return 0
  if (header.type === 'DICTIONARY_PAGE') {
    const count = header.dictionary_page_header?.num_values ?? 0
    const reader = readerOf(decompress(raw, raw.bytes, header.uncompressed_page_size))
    sink.dictionary(plainValues(reader, raw.chunk, count))
    return 0
  }
  const page = header.type === 'DATA_PAGE_V2' ? readV2(raw) : readV1(raw)
  sink.page(page)
  return page.rows
}

function readV1(raw: RawPage): Page {
  const header = raw.header.data_page_header
  if (header === undefined) throw new Error('a page without its header')
  const rows = header.num_values
  const bytes = decompress(raw, raw.bytes, raw.header.uncompressed_page_size)
  const reader = readerOf(bytes)
  const { definition, list } = raw.chunk.column
  const take = (width: number, encoding: string) => {
    if (encoding !== 'RLE') throw new Error('levels in an old encoding')
    const start = reader.offset + 4
    const end = start + reader.view.getUint32(reader.offset, true)
    reader.offset = end
    return readLevels(bytes.subarray(0, end), { start, width }, rows)
  }
  const repetition = list && take(1, header.repetition_level_encoding)
  const found =
    definition > 0 ? take(widthOf(definition), header.definition_level_encoding) : undefined
  const shape = shapeOf({ repetition, definition: found }, raw.chunk.column, rows)
  return contentOf(reader, raw.chunk, { ...shape, encoding: header.encoding })
}

function readV2(raw: RawPage): Page {
  const header = raw.header.data_page_header_v2
  if (header === undefined) throw new Error('a page without its header')
  const rows = header.num_values
  const start = header.repetition_levels_byte_length
  const end = start + header.definition_levels_byte_length
  const { definition, list } = raw.chunk.column
  const repetition = list && readLevels(raw.bytes.subarray(0, start), { start: 0, width: 1 }, rows)
  const found =
    definition > 0
      ? readLevels(raw.bytes.subarray(0, end), { start, width: widthOf(definition) }, rows)
      : undefined
  const shape = shapeOf({ repetition, definition: found }, raw.chunk.column, rows)
  const stored = raw.bytes.subarray(end)
  const size = raw.header.uncompressed_page_size - end
  const bytes = header.is_compressed === false ? stored : decompress(raw, stored, size)
  return contentOf(readerOf(bytes), raw.chunk, { ...shape, encoding: header.encoding })
}

function decompress(raw: RawPage, bytes: Uint8Array, size: number): Uint8Array {
  const { meta, codecs } = raw.chunk
  if (size === 0 && meta.codec !== 'UNCOMPRESSED') return new Uint8Array(0)
  return decompressPage(bytes, size, meta.codec, codecs)
}

function readerOf(bytes: Uint8Array): DataReader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
}

function bytesOf(reader: DataReader): Uint8Array {
  const { buffer, byteOffset, byteLength } = reader.view
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function widthOf(level: number): number {
  return 32 - Math.clz32(level)
}

function readLevels(
  bytes: Uint8Array,
  run: { start: number; width: number },
  count: number,
): Uint8Array {
  const levels = new Uint8Array(count)
  readRunLengths(bytes, run, levels)
  return levels
}

function shapeOf(
  found: { repetition: Uint8Array | undefined; definition: Uint8Array | undefined },
  column: LeafColumn,
  rows: number,
): Omit<PageShape, 'encoding'> {
  const { repetition, definition } = found
  if (repetition === undefined || definition === undefined) {
    return { rows, present: definition?.includes(0) ? definition : undefined }
  }
  const present = definition.map((level) => (level === column.definition ? 1 : 0))
  return { rows, present, levels: { repetition, definition } }
}

interface PageShape {
  readonly rows: number
  readonly present: Uint8Array | undefined
  readonly levels?: Levels | undefined
  readonly encoding: string
}

function contentOf(reader: DataReader, chunk: ChunkToRead, shape: PageShape): Page {
  const { rows, present, levels, encoding } = shape
  let count = rows
  if (present !== undefined) {
    count = 0
    for (let i = 0; i < present.length; i++) count += present[i] as number
  }
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    const indices = new Int32Array(count)
    const width = count === 0 ? 0 : reader.view.getUint8(reader.offset)
    if (width > 0) readRunLengths(bytesOf(reader), { start: reader.offset + 1, width }, indices)
    return { rows, present, levels, content: { indices } }
  }
  return {
    rows,
    present,
    levels,
    content: { values: storedValues(reader, chunk, { encoding, count }) },
  }
}

function storedValues(
  reader: DataReader,
  chunk: ChunkToRead,
  { encoding, count }: { encoding: string; count: number },
): Physical {
  const { type } = chunk.meta
  switch (encoding) {
    case 'PLAIN':
      return plainValues(reader, chunk, count)
    case 'RLE': {
      const bits = new Int32Array(count)
      readRunLengths(bytesOf(reader), { start: reader.offset + 4, width: 1 }, bits)
      return Array.from(bits, Boolean)
    }
    case 'BYTE_STREAM_SPLIT':
      return byteStreamSplit(reader, count, type, chunk.column.element.type_length) as Physical
    case 'DELTA_BINARY_PACKED': {
      const integers = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count)
      deltaBinaryUnpack(reader, count, integers)
      return integers
    }
    case 'DELTA_LENGTH_BYTE_ARRAY':
    case 'DELTA_BYTE_ARRAY': {
      const texts = new Array<Uint8Array>(count)
      if (encoding === 'DELTA_BYTE_ARRAY') deltaByteArray(reader, count, texts)
      else deltaLengthByteArray(reader, count, texts)
      return texts
    }
    default:
      throw new Error(`the encoding ${encoding} is not known`)
  }
}

function plainValues(reader: DataReader, chunk: ChunkToRead, count: number): Physical {
  const { column, meta } = chunk
  // A length from a damaged page must not become an allocation.
  if (count > reader.view.byteLength * 8) throw new Error('a page says it holds more than it can')
  return readPlain(reader, meta.type, count, column.element.type_length) as Physical
}
