import { Buffer, isUtf8 } from 'node:buffer'
import type { ReadTable } from '../table-format.js'
import {
  carriageReturns,
  doesNotFit,
  emptyFile,
  LONGEST_TEXT,
  notUtf8,
  nulByte,
  type Place,
  textAfterQuote,
  textTooLong,
  unterminatedQuote,
  wrongCellCount,
} from '../text-problems.js'
import type { CsvColumn } from './csv-column.js'
import { byteOrderMark, closingQuote, countLines, readRecord } from './csv-record.js'
import { completeUntil, firstInvalid } from './utf8-chunks.js'

const quote = 34
const lineFeed = 10
const carriageReturn = 13
const SHORT = 1024

export interface ScannerOptions {
  readonly shownAs: string
  /** The byte between cells. */
  readonly delimiter: number
  /** Called once with the names of the header; what it returns receives the cells. */
  readonly onHeader: (names: readonly string[]) => readonly CsvColumn[]
}

/**
 * Cuts a stream of bytes into CSV cells (RFC 4180; LF or CRLF; quoted cells may hold delimiters, newlines and
 * doubled quotes; a quote inside of an unquoted cell is a character as any other) and hands each to its column.
 * Chunks may be cut anywhere: a cell that is not complete yet stays in the window. Lines without any byte are
 * passed over, except that in a file of one column they are missing cells. Memory is bounded by the longest
 * cell and the chunk.
 */
export class CsvScanner {
  readonly #options: ScannerOptions
  readonly #delimiter: number
  readonly #cell = { start: 0, end: 0, quoted: false }
  #columns: readonly CsvColumn[] = []
  /** Holds `#filled` bytes and a line feed behind them, which stops every loop that looks for an end. */
  #window = Buffer.alloc(1, lineFeed)
  #filled = 0
  /** Start of the first cell that is not handed over yet. */
  #at = 0
  #validated = 0
  #hasHeader = false
  #index = 0
  #rows = 0
  #packedRows = 0
  #line = 1
  /** Newlines inside of the quoted cells of the row so far. */
  #quotedLines = 0
  /** Bytes of the cell at `#at` that were looked at without finding its end. */
  #looked = 0
  /** Bytes in which no whole header was found. */
  #tried = 0
  #scratch = Buffer.alloc(0)

  constructor(options: ScannerOptions) {
    this.#options = options
    this.#delimiter = options.delimiter
  }

  /** Rows complete so far, the header not counted. */
  get rows(): number {
    return this.#rows
  }

  /** Rows that were complete before, and are packed. */
  get packedRows(): number {
    return this.#packedRows
  }

  /** Takes the next bytes; they may be overwritten afterwards. */
  push(chunk: Buffer): void {
    this.#append(chunk)
    this.#validate(false)
    if (this.#hasHeader || this.#readHeader()) this.#scan()
    if (this.#filled - this.#at > LONGEST_TEXT) {
      throw textTooLong(this.#place(this.#quotedLines), this.#hasHeader ? 'cell' : 'header')
    }
  }

  /** Says that no bytes follow. */
  end(): void {
    this.#validate(true)
    if (!this.#hasHeader) this.#endInHeader()
    if (this.#index > 0 || this.#at < this.#filled) {
      this.#append(Buffer.of(lineFeed))
      this.#scan()
    }
    if (this.#at < this.#filled) throw unterminatedQuote(this.#place(this.#quotedLines))
  }

  /** The complete rows as columns, which are counted from 0 again; a row that has begun goes on. */
  cut(): ReadTable {
    const rows = this.#rows
    const promoted = this.#columns.filter(({ isPromoted }) => isPromoted)
    const mixed = promoted.map(({ name, firstText }) => ({ column: name, row: firstText + 1 }))
    const columns = this.#columns.flatMap((column, i) => column.cut(rows, i < this.#index) ?? [])
    this.#rows = 0
    return { rows, columns, mixed }
  }

  /** The complete rows are packed away, and counted from 0 again; a row that has begun goes on. */
  pack(): void {
    const rows = this.#rows
    for (const [i, column] of this.#columns.entries()) column.pack(rows, i < this.#index)
    this.#packedRows += rows
    this.#rows = 0
  }

  #place(linesAfterRowStart = 0): Place {
    return { shownAs: this.#options.shownAs, line: this.#line + linesAfterRowStart }
  }

  #append(chunk: Buffer): void {
    const kept = this.#filled - this.#at
    const needed = kept + chunk.length + 1
    const old = this.#window
    if (needed > old.length) this.#window = Buffer.allocUnsafeSlow(Math.max(needed, kept * 2))
    if (this.#at > 0 || old !== this.#window) old.copy(this.#window, 0, this.#at, this.#filled)
    chunk.copy(this.#window, kept)
    this.#validated -= this.#at
    this.#at = 0
    this.#filled = kept + chunk.length
    this.#window[this.#filled] = lineFeed
    const nul = chunk.indexOf(0)
    if (nul >= 0) throw nulByte(this.#place(this.#linesUntil(kept + nul)))
  }

  /** Line breaks between the start of the row and a position in the window. */
  #linesUntil(position: number): number {
    return this.#quotedLines + countLines(this.#window, this.#at, position)
  }

  /** Checks the new bytes as a whole; up to three bytes of a character that is cut are left for the next time. */
  #validate(last: boolean): void {
    const end = last ? this.#filled : completeUntil(this.#window, this.#filled)
    const from = Math.max(0, this.#validated)
    if (end <= from) return
    if (!isUtf8(this.#window.subarray(from, end))) {
      const bad = firstInvalid(this.#window.subarray(from, end))
      throw notUtf8(this.#place(this.#linesUntil(from + bad)))
    }
    this.#validated = end
  }

  /** A header that was not whole is looked at again when there is twice as much, or no more. */
  #readHeader(isLast = false): boolean {
    if (!isLast && this.#filled < this.#tried * 2) return false
    this.#tried = this.#filled
    const bytes = this.#window.subarray(0, this.#filled)
    const header = readRecord(bytes, byteOrderMark(bytes), this.#delimiter)
    if (header === undefined) return false
    if (header.fault) throw textAfterQuote(this.#place())
    if (header.cells.join('') === '') throw emptyFile(this.#place(), 'the header row is empty.')
    if (header.cells.some((cell) => /\r(?!\n)/.test(cell))) throw carriageReturns(this.#place())
    this.#columns = this.#options.onHeader(header.cells)
    this.#hasHeader = true
    this.#at = header.next
    this.#line += header.lines
    return true
  }

  #endInHeader(): void {
    if (this.#filled === 0)
      throw emptyFile({ shownAs: this.#options.shownAs }, 'the file is empty.')
    this.#append(Buffer.of(lineFeed))
    if (!this.#readHeader(true)) throw unterminatedQuote(this.#place())
  }

  #scan(): void {
    let at = this.#at
    for (let next = at; next >= 0; next = this.#take(at)) at = next
    this.#at = at
  }

  /** Hands over the cell at `at`; returns where the next one begins, or -1 when this one is not complete. */
  #take(at: number): number {
    const bytes = this.#window
    if (this.#index === 0 && (bytes[at] as number) <= carriageReturn) {
      const blank = this.#skipBlank(at)
      if (blank >= 0) return blank
    }
    const next = this.#takeNumber(at)
    if (next >= 0) return next
    return bytes[at] === quote ? this.#takeQuoted(at) : this.#takePlain(at)
  }

  /** As #take, but -1 also when the cell is not a plain number of a numeric column. */
  #takeNumber(at: number): number {
    const column = this.#columns[this.#index]
    const end = column === undefined ? -1 : column.tryNumber(this.#window, at)
    if (column === undefined || end < 0) return -1
    const stop = this.#stopAt(end)
    if (stop < 0 || stop >= this.#filled) return -1
    if (!column.keep(this.#rows)) this.#misfit(column)
    return this.#after(stop)
  }

  #skipBlank(at: number): number {
    const stop = this.#stopAt(at)
    const isLine = stop >= 0 && stop < this.#filled && this.#window[stop] === lineFeed
    if (!isLine || this.#columns.length === 1) return -1
    this.#line++
    this.#looked = 0
    return stop + 1
  }

  /** Position of the delimiter or line feed that ends a cell whose content ends at `end`; -1 if it goes on. */
  #stopAt(end: number): number {
    const byte = this.#window[end] as number
    if (byte === this.#delimiter || byte === lineFeed) return end
    return byte === carriageReturn && this.#window[end + 1] === lineFeed ? end + 1 : -1
  }

  #takePlain(at: number): number {
    const bytes = this.#window
    const delimiter = this.#delimiter
    let stop = at + this.#looked
    let byte = bytes[stop] as number
    while (byte !== delimiter && byte !== lineFeed) byte = bytes[++stop] as number
    if (stop >= this.#filled) return this.#goesOn(this.#filled - at)
    const cell = this.#cell
    cell.start = at
    cell.end =
      byte === lineFeed && stop > at && bytes[stop - 1] === carriageReturn ? stop - 1 : stop
    cell.quoted = false
    this.#put(bytes)
    return this.#after(stop)
  }

  /** Most cells are short: a search by the engine would cost more than the bytes. */
  #takeQuoted(at: number): number {
    const bytes = this.#window
    const end = Math.min(this.#filled, at + SHORT)
    let close = at + 1
    let lines = 0
    let doubled = false
    for (; close < end; close++) {
      const byte = bytes[close] as number
      if (byte === lineFeed) lines++
      if (byte !== quote) continue
      if (bytes[close + 1] !== quote) break
      doubled = true
      close++
    }
    if (close + 1 >= end) return this.#takeLongQuoted(at)
    return this.#endQuoted(at, close + 1, { lines, doubled })
  }

  #takeLongQuoted(at: number): number {
    const bytes = this.#window
    const close = closingQuote(bytes.subarray(0, this.#filled), at + Math.max(1, this.#looked))
    if (close < 0) return this.#goesOn(this.#filled - at)
    // Whether a quote at the end closes the cell is told by what follows.
    if (close >= this.#filled) return this.#goesOn(close - 1 - at)
    const doubled = bytes.indexOf(quote, at + 1) < close - 1
    return this.#endQuoted(at, close, { lines: countLines(bytes, at + 1, close), doubled })
  }

  /** The cell is not complete: so much of it need not be looked at again. */
  #goesOn(looked: number): -1 {
    this.#looked = looked
    return -1
  }

  #endQuoted(at: number, close: number, about: { lines: number; doubled: boolean }): number {
    const stop = this.#stopAt(close)
    if (stop >= this.#filled) return -1
    if (stop < 0) throw textAfterQuote(this.#place(this.#linesUntil(close)))
    const cell = this.#cell
    cell.start = at + 1
    cell.end = close - 1
    cell.quoted = true
    this.#put(about.doubled ? this.#unescape(this.#window) : this.#window)
    this.#quotedLines += about.lines
    return this.#after(stop)
  }

  /** Copies the quoted cell with each doubled quote made one; the cell then points into the copy. */
  #unescape(bytes: Buffer): Buffer {
    const cell = this.#cell
    const length = cell.end - cell.start
    if (this.#scratch.length < length) this.#scratch = Buffer.allocUnsafe(length * 2)
    const scratch = this.#scratch
    let written = 0
    let from = cell.start
    for (
      let at = bytes.indexOf(quote, from);
      at >= 0 && at < cell.end;
      at = bytes.indexOf(quote, from)
    ) {
      written += bytes.copy(scratch, written, from, at + 1)
      from = at + 2
    }
    written += bytes.copy(scratch, written, from, cell.end)
    cell.start = 0
    cell.end = written
    return scratch
  }

  #put(bytes: Buffer): void {
    const column = this.#columns[this.#index]
    if (column !== undefined && !column.put(bytes, this.#cell, this.#rows)) this.#misfit(column)
  }

  #misfit(column: CsvColumn): never {
    throw doesNotFit(this.#place(this.#quotedLines), column.name, column.type)
  }

  #after(stop: number): number {
    this.#index++
    this.#looked = 0
    if (this.#window[stop] === lineFeed) this.#endRow()
    return stop + 1
  }

  #endRow(): void {
    if (this.#index !== this.#columns.length) {
      throw wrongCellCount(this.#place(), this.#index, this.#columns.length)
    }
    this.#index = 0
    this.#rows++
    this.#line += 1 + this.#quotedLines
    this.#quotedLines = 0
  }
}
