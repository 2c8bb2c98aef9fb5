import type { CsvRecordReader } from '../../../../ports/log-readers.js'
import type { Sink } from '../source.js'
import type { Decoder } from './decoder.js'
import { MOST_RECORD_BYTES } from './lines.js'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const DELIMITERS = [',', ';', '\t', '|'].map((character) => character.charCodeAt(0))

export interface CsvReading {
  readonly readRecord: CsvRecordReader
  /** The first line of the file, where reading begins further on. */
  readonly header?: Buffer | undefined
}

interface Reader extends CsvReading {
  readonly sink: Sink
  shape: Shape | undefined
  isTooLong: boolean
}

/** Delimited text with a header; every cell is a text, and an empty one is missing. */
export function csvRows(sink: Sink, reading: CsvReading): Decoder {
  const { header, readRecord } = reading
  const shape = header === undefined ? undefined : shapeOf(header, readRecord)
  const reader: Reader = { ...reading, sink, shape, isTooLong: false }
  return {
    decode: (bytes, isLast) => (isLast ? lastRows(reader, bytes) : completeRows(reader, bytes)),
  }
}

/** The last line may lack its end. */
function lastRows(reader: Reader, bytes: Buffer): number {
  const text = Buffer.concat([bytes, Buffer.of(LINE_FEED)])
  if (bytes.length > 0 && !reader.isTooLong && rowsFrom(reader, text, 0) < text.length) {
    reader.sink.bad()
  }
  return bytes.length
}

function completeRows(reader: Reader, bytes: Buffer): number {
  let from = 0
  if (reader.isTooLong) {
    from = bytes.indexOf(LINE_FEED) + 1
    if (from === 0) return bytes.length
    reader.isTooLong = false
  }
  const end = rowsFrom(reader, bytes, from)
  if (bytes.length - end <= MOST_RECORD_BYTES) return end
  reader.sink.bad()
  reader.isTooLong = true
  return bytes.length
}

/** Takes the rows that are whole, and gives where the first that is not begins. */
function rowsFrom(reader: Reader, text: Buffer, from: number): number {
  const { readRecord, sink } = reader
  let at = from
  while (at < text.length) {
    const delimiter = reader.shape?.delimiter ?? delimiterOf(text, at)
    const record = plainRecord(text, at, delimiter) ?? readRecord(text, at, delimiter)
    if (record === undefined) return at
    if (reader.shape === undefined) {
      reader.shape = shapeOf(text.subarray(at, record.next), readRecord)
    } else takeRow(record, reader.shape.names, sink)
    at = endOf(record, text)
  }
  return at
}

/** A line without quotes, as most are, is cut in one go. */
function plainRecord(text: Buffer, at: number, delimiter: number): CsvRecord | undefined {
  const end = text.indexOf(LINE_FEED, at)
  if (end < 0) return undefined
  const line = text.toString('utf8', at, text[end - 1] === CARRIAGE_RETURN ? end - 1 : end)
  if (line.includes('"')) return undefined
  return { cells: line.split(String.fromCharCode(delimiter)), next: end + 1 }
}

interface Shape {
  readonly names: readonly string[]
  readonly delimiter: number
}

type CsvRecord = NonNullable<ReturnType<CsvRecordReader>>

/** Behind a fault, such as text after a quote, the next line is the next record. */
function endOf({ fault, next }: CsvRecord, text: Buffer): number {
  if (fault === undefined) return next
  const end = text.indexOf(LINE_FEED, next)
  return end < 0 ? text.length : end + 1
}

function shapeOf(line: Buffer, readRecord: CsvRecordReader): Shape | undefined {
  const start = line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? 3 : 0
  const delimiter = delimiterOf(line, start)
  const names = readRecord(line, start, delimiter)?.cells
  return names === undefined ? undefined : { names, delimiter }
}

/** The one that the header has most of. */
function delimiterOf(text: Buffer, at: number): number {
  const end = text.indexOf(LINE_FEED, at)
  const header = text.subarray(at, end < 0 ? text.length : end)
  let [best, most] = [DELIMITERS[0] ?? 44, 0]
  for (const delimiter of DELIMITERS) {
    let count = 0
    for (const byte of header) if (byte === delimiter) count += 1
    if (count > most) [best, most] = [delimiter, count]
  }
  return best
}

function takeRow({ cells, fault }: CsvRecord, names: readonly string[], sink: Sink): void {
  if (cells.length === 1 && cells[0] === '') return
  if (fault !== undefined || cells.length !== names.length) {
    sink.bad()
    return
  }
  const row: Record<string, string> = {}
  for (const [i, name] of names.entries()) {
    const cell = cells[i] ?? ''
    if (cell !== '') row[name] = cell
  }
  sink.record(row)
}
