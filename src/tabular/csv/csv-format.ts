import { Buffer } from 'node:buffer'
import type { Table } from '../../domain/table/column.js'
import { type FileToRead, readChunks, readCompression, withFile } from '../byte-source.js'
import { refuseDuplicates, selectColumns } from '../column-names.js'
import type { Compression } from '../decompress.js'
import { type PackedTable, SEGMENT_ROWS } from '../packed/packed-table.js'
import type {
  ColumnType,
  MixedColumn,
  ReadRequest,
  ReadTable,
  TableFormat,
  TableSchema,
} from '../table-format.js'
import { CsvColumn } from './csv-column.js'
import { detectDelimiter, statedDelimiter } from './csv-dialect.js'
import { CsvScanner } from './csv-scanner.js'
import { isFull, isWorthPacking, refuseTooMuch, weightOf } from './csv-weight.js'

const sampleSize = 1 << 18

type Types = Readonly<Record<string, ColumnType>>

/** The beginning of the file, and all of it when it is small. */
interface Sample {
  readonly bytes: Buffer
  readonly isWhole: boolean
  readonly delimiter: number
  readonly compression: Compression
  /** Of the file on disk, in bytes. */
  readonly size: number
}

/**
 * Delimited text. An unquoted empty cell is missing; so are the unquoted words NaN, nan, NA, null and NULL in a
 * column of numbers, booleans or timestamps (in a column of text they are text). A quoted empty cell is the
 * empty string. Types: integer; number (decimals, exponents, infinities); boolean (true and false in any
 * case); timestamp (ISO 8601 dates and date-times); everything else is text, as are integers with leading
 * zeros and integers beyond 2^53. A column has its type only if all of its cells do; a column without any
 * value is a number.
 */
export const csvFormat: TableFormat = {
  readTable: readCsv,
  readSchema: readCsvSchema,
  readPacked: readCsvPacked,
  readBatches: readCsvBatches,
}

async function readCsv(request: ReadRequest): Promise<ReadTable> {
  const { scans, mixed } = await readAll(request, { isPacked: false })
  return { ...finish(request, scans), ...(mixed.length > 0 ? { mixed } : {}) }
}

/** Cells are packed away as they are read, so that there is never more than the packed table and some rows. */
async function readCsvPacked(request: ReadRequest): Promise<PackedTable> {
  const { scans, mixed } = await readAll(request, { isPacked: true })
  const { scanner } = scans.first
  const rows = scanner.packedRows + scanner.rows
  const columns = finished(request, scans, (column, scan) => column.finishPacked(scan.scanner.rows))
  return { rows, columns, ...(mixed.length > 0 ? { mixed } : {}) }
}

interface ReadAll {
  readonly scans: Scans
  readonly mixed: readonly MixedColumn[]
}

/** One reading of the file, and a second one of the columns that turned out as text after their first rows. */
interface Scans {
  readonly first: Scan
  readonly second?: Scan | undefined
}

async function readAll(
  request: ReadRequest,
  { isPacked }: { readonly isPacked: boolean },
): Promise<ReadAll> {
  const sample = await readSample(request)
  const tried = scan(request, sample, { settled: {}, capacity: sampleRows(sample) })
  tried.scanner.push(sample.bytes)
  if (sample.isWhole) tried.scanner.end()
  // What the sample shows to be text is read as text from the first row on.
  const early = tried.columns.filter((column) => column.isPromoted)
  if (sample.isWhole && early.length === 0) return { scans: { first: tried }, mixed: [] }
  const settled = withText({}, early)
  const first = await readWhole(request, sample, { settled, wanted: request.columns, isPacked })
  const promoted = first.columns.filter((column) => column.isPromoted)
  const mixed = [...early, ...promoted].map(({ name, firstText }) => ({
    column: name,
    row: firstText + 1,
  }))
  if (promoted.length === 0) return { scans: { first }, mixed }
  const texts = withText(settled, promoted)
  const wanted = promoted.map((column) => column.name)
  const held = weightOf(first.columns)
  const second = await readWhole(request, sample, { settled: texts, wanted, isPacked, held })
  return { scans: { first, second }, mixed }
}

/** A column that turns out as text only after the sample is in no table from there on, and in `mixed` with its row in the file. */
async function* readCsvBatches(request: ReadRequest, most: number): AsyncGenerator<ReadTable> {
  const sample = await readSample(request)
  const tried = scan(request, sample, { settled: {}, capacity: sampleRows(sample) })
  tried.scanner.push(sample.bytes)
  const early = tried.columns.filter((column) => column.isPromoted)
  const progress = scan(request, sample, { settled: withText({}, early), capacity: most })
  const { scanner } = progress
  const known = new Set<string>()
  let before = 0
  const cut = (): ReadTable => {
    const { mixed = [], ...table } = scanner.cut()
    const fresh = mixed.filter(({ column }) => !known.has(column))
    for (const { column } of fresh) known.add(column)
    const inFile = fresh.map(({ column, row }) => ({ column, row: row + before }))
    before += table.rows
    return { ...table, mixed: inFile }
  }
  for await (const chunk of readChunks(request, sample.compression)) {
    scanner.push(chunk)
    if (isFull(progress, most)) yield ordered(request, cut())
  }
  scanner.end()
  yield ordered(request, cut())
}

function ordered({ columns: names }: ReadRequest, table: ReadTable): ReadTable {
  if (names === undefined) return table
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  return { ...table, columns: names.flatMap((name) => columns.get(name) ?? []) }
}

interface Scan {
  readonly scanner: CsvScanner
  columns: readonly CsvColumn[]
}

interface Pass {
  readonly settled: Types
  readonly wanted: readonly string[] | undefined
  readonly isPacked: boolean
  /** What an earlier reading holds, in bytes. */
  readonly held?: number | undefined
}

function withText(settled: Types, columns: readonly CsvColumn[]): Types {
  const texts = columns.map((column): [string, ColumnType] => [column.name, 'string'])
  return { ...settled, ...Object.fromEntries(texts) }
}

async function readWhole(request: ReadRequest, sample: Sample, pass: Pass): Promise<Scan> {
  const expected = expectedRows(sample)
  const capacity = pass.isPacked ? Math.min(expected, 2 * SEGMENT_ROWS) : expected
  const result = scan({ ...request, columns: pass.wanted }, sample, {
    settled: pass.settled,
    capacity,
  })
  if (sample.isWhole) {
    result.scanner.push(sample.bytes)
  } else {
    for await (const chunk of readChunks(request, sample.compression)) {
      result.scanner.push(chunk)
      if (pass.isPacked && isWorthPacking(result)) result.scanner.pack()
      refuseTooMuch(request, result, pass.held)
    }
  }
  result.scanner.end()
  return result
}

function scan(
  request: ReadRequest,
  sample: Sample,
  { settled, capacity }: { settled: Types; capacity: number },
): Scan {
  const onHeader = (names: readonly string[]) => {
    refuseDuplicates(names, request.shownAs)
    const wanted = new Set(selectColumns(names, request.columns, request.shownAs))
    const typeOf = (name: string) => own(settled, name) ?? own(request.types, name)
    result.columns = names.map(
      (name, index) =>
        new CsvColumn({ name, wanted: wanted.has(index), type: typeOf(name), capacity }),
    )
    return result.columns
  }
  const { shownAs } = request
  const scanner = new CsvScanner({ shownAs, delimiter: sample.delimiter, onHeader })
  const result: Scan = { scanner, columns: [] }
  return result
}

/** Column names may be `constructor` or `__proto__`: only own entries count. */
function own(types: Types | undefined, name: string): ColumnType | undefined {
  return types !== undefined && Object.hasOwn(types, name) ? types[name] : undefined
}

function finish(request: ReadRequest, scans: Scans): Table {
  const { rows } = scans.first.scanner
  return { rows, columns: finished(request, scans, (column) => column.finish(rows)) }
}

/** The wanted columns in their order, each from the reading that has it. */
function finished<T>(
  request: ReadRequest,
  { first, second }: Scans,
  finishOne: (column: CsvColumn, scan: Scan) => T,
): readonly T[] {
  const names = first.columns.map((column) => column.name)
  const texts = new Map(second?.columns.map((column) => [column.name, column]))
  return selectColumns(names, request.columns, request.shownAs).flatMap((index) => {
    const column = first.columns[index]
    const text = column?.isPromoted === true ? texts.get(column.name) : undefined
    if (text !== undefined && second !== undefined) return [finishOne(text, second)]
    return column === undefined ? [] : [finishOne(column, first)]
  })
}

function sampleRows(sample: Sample): number {
  let lines = 1
  for (let at = sample.bytes.indexOf(10); at >= 0; at = sample.bytes.indexOf(10, at + 1)) lines++
  return lines
}

/** From the length of the lines in the sample; a compressed file says little about its length. */
function expectedRows(sample: Sample): number {
  if (sample.isWhole || sample.compression !== 'none') return sampleRows(sample)
  return Math.ceil(sampleRows(sample) * (sample.size / sample.bytes.length) * 1.02)
}

async function readSample(request: ReadRequest): Promise<Sample> {
  const compression = await readCompression(request)
  const { size } = await withFile(request, (handle) => handle.stat())
  const { bytes, isWhole } = await readHead(request, compression)
  const preferred = /\.tsv(?:\.gz|\.zst)?$/i.test(request.path) ? '\t' : ','
  const delimiter =
    request.delimiter === undefined
      ? detectDelimiter(bytes, preferred)
      : statedDelimiter(request.delimiter, request.shownAs)
  return { bytes, isWhole, delimiter, compression, size }
}

async function readHead(file: FileToRead, compression: Compression) {
  const parts: Buffer[] = []
  let length = 0
  for await (const chunk of readChunks(file, compression)) {
    parts.push(Buffer.from(chunk))
    length += chunk.length
    if (length > sampleSize)
      return { bytes: Buffer.concat(parts).subarray(0, sampleSize), isWhole: false }
  }
  return { bytes: Buffer.concat(parts), isWhole: true }
}

/** Types from the first rows only; the number of rows only where the file is small. */
async function readCsvSchema(request: ReadRequest): Promise<TableSchema> {
  const sample = await readSample(request)
  const result = scan(request, sample, { settled: {}, capacity: sampleRows(sample) })
  result.scanner.push(sample.bytes)
  if (sample.isWhole) result.scanner.end()
  else if (result.columns.length === 0) return readLongHeader(request, sample)
  return {
    rows: sample.isWhole ? result.scanner.rows : undefined,
    columns: result.columns.map(({ name, type }) => ({ name, type })),
  }
}

/** A header that is longer than the sample. */
async function readLongHeader(request: ReadRequest, sample: Sample): Promise<TableSchema> {
  const result = scan(request, sample, { settled: {}, capacity: 1 })
  let isCut = false
  for await (const chunk of readChunks(request, sample.compression)) {
    isCut = result.columns.length > 0
    if (isCut) break
    result.scanner.push(chunk)
  }
  if (!isCut) result.scanner.end()
  return {
    rows: isCut ? undefined : result.scanner.rows,
    columns: result.columns.map(({ name, type }) => ({ name, type })),
  }
}
