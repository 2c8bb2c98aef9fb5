import { Buffer } from 'node:buffer'
import type { Column } from '../../domain/table/column.js'
import { categoricalColumn, countNaN, usedCategories } from '../finish-column.js'
import { PackedCells, type PackedColumn } from '../packed/packed-table.js'
import { StringPool } from '../string-pool.js'
import type { ColumnType } from '../table-format.js'
import { DecimalReader, parseNumber, parseStatedNumber } from './parse-number.js'
import { parseTimestamp } from './parse-timestamp.js'

/** What a column is taken for so far. Numbers, not strings: compared for each cell. */
const skipped = 0
const unknown = 1
const numeric = 2
const boolean = 3
const timestamp = 4
const text = 5
/** It looked typed and then was not: it is read again as text. */
const promoted = 6

const missingWords = new Set(['NaN', 'nan', 'NA', 'null', 'NULL'])

/** Bytes of a cell in a window; `quoted` where it stood in quotes (and the bytes are those between them). */
export interface Cell {
  readonly start: number
  readonly end: number
  readonly quoted: boolean
}

export interface ColumnRequest {
  readonly name: string
  /** False for a column that nobody asked for: its cells are passed over. */
  readonly wanted: boolean
  /** The type that is settled already: stated by the user, or text after a first reading. */
  readonly type?: ColumnType | undefined
  /** Rows to make room for at first. */
  readonly capacity: number
}

/**
 * One CSV column while it is read. It is typed over all of its cells: it starts as what its first value looks
 * like, and the first cell that does not fit makes it text. Cells read before that have lost their spelling
 * (`1.50` is 1.5), so such a column reports `promoted` and is read once more as text.
 */
export class CsvColumn {
  readonly name: string
  readonly #stated: ColumnType | undefined
  readonly #wantsInteger: boolean
  readonly #decimal = new DecimalReader()
  #pool = new StringPool()
  #kind: number
  #numbers: Float64Array = new Float64Array(0)
  #codes: Int32Array = new Int32Array(0)
  #capacity: number
  #integer = true
  #values = 0
  #words = false
  #packed = new PackedCells()
  #packedRows = 0
  #packedMissing = 0
  /** Counted from 0: of a promoted column, the row of the cell that made it text. */
  firstText = -1

  constructor(request: ColumnRequest) {
    this.name = request.name
    this.#capacity = Math.max(16, request.capacity)
    this.#stated = request.type
    this.#wantsInteger = request.type === 'integer'
    this.#kind = request.wanted ? unknown : skipped
    if (request.wanted && request.type !== undefined) this.#become(kindOf(request.type), 0)
  }

  get isPromoted(): boolean {
    return this.#kind === promoted
  }

  /** What the cells take that are kept, and their texts will, in bytes. */
  get weight(): number {
    const { byteLength } = this.#codes
    return this.#packed.bytes + this.#numbers.byteLength + byteLength + this.#pool.weight
  }

  /** Of that, what is for distinct texts. */
  get textWeight(): number {
    return this.#pool.weight
  }

  /** The type as far as it is known from the cells read. */
  get type(): ColumnType {
    if (this.#stated !== undefined) return this.#stated
    if (this.#kind === boolean) return 'boolean'
    if (this.#kind === timestamp) return 'timestamp'
    if (this.#kind === text || this.#kind === promoted) return 'string'
    return this.#integer && this.#values > 0 ? 'integer' : 'number'
  }

  /**
   * The short way for most cells of most files: a plain decimal that starts at `start` is parsed while its end
   * is looked for. Returns the position behind it, or -1 when the cell must be put in the general way; nothing
   * is stored before `keep` is called, since the number may go on in the next chunk.
   */
  tryNumber(bytes: Buffer, start: number): number {
    return this.#kind === numeric && this.#decimal.read(bytes, start) ? this.#decimal.end : -1
  }

  /** Stores the number that `tryNumber` has read. */
  keep(row: number): boolean {
    if (this.#wantsInteger && this.#decimal.scale >= 0) return false
    if (row >= this.#numbers.length) this.#grow(row)
    this.#numbers[row] = this.#decimal.value
    if (this.#decimal.scale >= 0) this.#integer = false
    this.#values++
    return true
  }

  /** Stores a cell; false when it does not fit the type that the user stated. */
  put(bytes: Buffer, cell: Cell, row: number): boolean {
    if (this.#kind === text) return this.#putText(bytes, cell, row)
    if (this.#kind === skipped || this.#kind === promoted) return true
    if (!cell.quoted && cell.start === cell.end) return this.#putMissing(row)
    if (this.#kind === unknown) return this.#putFirst(bytes, cell, row)
    if (this.#putTyped(bytes, cell, row)) return true
    if (!cell.quoted && isMissingWord(bytes, cell)) {
      this.#words = true
      return this.#putMissing(row)
    }
    return this.#stated === undefined && this.#giveUp(bytes, cell, row)
  }

  /** The column after its last row. Call only when it is wanted and not promoted. */
  finish(rows: number): Column {
    if (this.#kind === unknown) this.#become(numeric, rows)
    if (this.#kind === numeric || this.#kind === timestamp) return this.#finishNumeric(rows)
    const codes = trimmed(this.#codes, rows)
    const isBoolean = this.#kind === boolean
    return categoricalColumn(this.name, codes, {
      type: isBoolean ? 'boolean' : 'string',
      categories: isBoolean ? ['false', 'true'] : this.#pool.strings().strings,
    })
  }

  /**
   * The first `rows` cells as a column, as far as its type is known by now; of the row behind them, where its cell `isRead`, that cell
   * becomes the first. Undefined where nobody asked for the column, and from where on it turned out as text.
   */
  cut(rows: number, isRead: boolean): Column | undefined {
    if (this.#kind === skipped || this.#kind === promoted) return undefined
    if (this.#kind === unknown) return this.#blank(rows)
    if (this.#kind === text) return this.#cutText(rows, isRead)
    const { [rows]: number = Number.NaN } = this.#numbers
    const { [rows]: code = -1 } = this.#codes
    const column = this.finish(rows)
    this.#capacity = Math.max(16, rows)
    this.#become(this.#kind, 0)
    if (this.#numbers.length > 0) this.#numbers[0] = number
    else this.#codes[0] = code
    return column
  }

  /**
   * Packs the first `rows` cells away; of the row behind them, where its cell `isRead`, that cell becomes the first. Types and texts go on as
   * they are: `finishPacked` gives one column of all cells.
   */
  pack(rows: number, isRead: boolean): void {
    this.#packedRows += rows
    if (this.#kind === skipped || this.#kind === promoted) return
    if (this.#kind === unknown) {
      this.#packed.addBlank(rows)
      this.#packedMissing += rows
      return
    }
    if (this.#codes.length > 0) this.#packCodes(rows)
    else {
      const values = this.#numbers.subarray(0, rows)
      this.#packedMissing += countNaN(values)
      this.#packed.addNumbers(values)
    }
    if (isRead) this.#moveToFront(rows)
  }

  /** The column after its last row, of which the last `rows` are not packed yet. Call only when it is wanted and not promoted. */
  finishPacked(rows: number): PackedColumn {
    this.pack(rows, false)
    const { name, type } = this
    const categories = this.#kind === boolean ? ['false', 'true'] : this.#pool.strings().strings
    const isCategorical = this.#kind === boolean || this.#kind === text
    return this.#packed.finish({
      name,
      type,
      missing: this.#packedMissing,
      categories: isCategorical ? categories : undefined,
    })
  }

  #packCodes(rows: number): void {
    const codes = this.#codes.subarray(0, rows)
    for (let i = 0; i < rows; i++) if ((codes[i] as number) < 0) this.#packedMissing++
    this.#packed.addCodes(codes, this.#kind === boolean ? 2 : this.#pool.size)
  }

  #moveToFront(row: number): void {
    if (row < this.#numbers.length) this.#numbers[0] = this.#numbers[row] as number
    if (row < this.#codes.length) this.#codes[0] = this.#codes[row] as number
  }

  #blank(rows: number): Column {
    const values = new Float64Array(rows).fill(Number.NaN)
    return { kind: 'numeric', name: this.name, type: 'number', values, missing: rows }
  }

  #cutText(rows: number, isRead: boolean): Column {
    const { strings } = this.#pool.strings()
    const next = isRead ? strings[this.#codes[rows] ?? -1] : undefined
    const codes = trimmed(this.#codes, rows)
    const categories = usedCategories(codes, strings)
    this.#capacity = Math.max(16, rows)
    this.#pool = new StringPool()
    this.#become(text, 0)
    const bytes = Buffer.from(next ?? '')
    this.#codes[0] = next === undefined ? -1 : this.#pool.code(bytes, 0, bytes.length)
    return categoricalColumn(this.name, codes, { type: 'string', categories })
  }

  #finishNumeric(rows: number): Column {
    const values = trimmed(this.#numbers, rows)
    const type =
      this.#kind === timestamp ? 'timestamp' : this.type === 'integer' ? 'integer' : 'number'
    return { kind: 'numeric', name: this.name, type, values, missing: countNaN(values) }
  }

  #putText(bytes: Buffer, cell: Cell, row: number): boolean {
    if (row >= this.#codes.length) this.#grow(row)
    const isMissing = cell.start === cell.end && !cell.quoted
    this.#codes[row] = isMissing ? -1 : this.#pool.code(bytes, cell.start, cell.end)
    return true
  }

  #putMissing(row: number): boolean {
    if (this.#kind === unknown) return true
    if (this.#kind === boolean) {
      if (row >= this.#codes.length) this.#grow(row)
      this.#codes[row] = -1
      return true
    }
    if (row >= this.#numbers.length) this.#grow(row)
    this.#numbers[row] = Number.NaN
    return true
  }

  /** The first value of a column decides what is tried on the others. */
  #putFirst(bytes: Buffer, cell: Cell, row: number): boolean {
    if (!cell.quoted && isMissingWord(bytes, cell)) {
      this.#words = true
      return true
    }
    for (const kind of [numeric, boolean, timestamp]) {
      this.#become(kind, row)
      if (this.#putTyped(bytes, cell, row)) return true
    }
    return this.#giveUp(bytes, cell, row)
  }

  #putTyped(bytes: Buffer, cell: Cell, row: number): boolean {
    if (this.#kind === numeric) return this.#putNumber(bytes, cell, row)
    if (this.#kind === boolean) return this.#putBoolean(bytes, cell, row)
    const time = parseTimestamp(bytes, cell.start, cell.end)
    if (Number.isNaN(time)) return false
    if (row >= this.#numbers.length) this.#grow(row)
    this.#numbers[row] = time
    this.#values++
    return true
  }

  #putNumber(bytes: Buffer, cell: Cell, row: number): boolean {
    const parse = this.#stated === undefined ? parseNumber : parseStatedNumber
    const parsed = parse(bytes, cell.start, cell.end)
    if (parsed === undefined || (this.#wantsInteger && !parsed.integer)) return false
    if (row >= this.#numbers.length) this.#grow(row)
    this.#numbers[row] = parsed.value
    if (!parsed.integer) this.#integer = false
    this.#values++
    return true
  }

  #putBoolean(bytes: Buffer, cell: Cell, row: number): boolean {
    const length = cell.end - cell.start
    if (length !== 4 && length !== 5) return false
    const word = bytes.toString('latin1', cell.start, cell.end).toLowerCase()
    if (word !== 'true' && word !== 'false') return false
    if (row >= this.#codes.length) this.#grow(row)
    this.#codes[row] = word === 'true' ? 1 : 0
    this.#values++
    return true
  }

  /** The column is text after all; without loss only if no cell has been read by its meaning. */
  #giveUp(bytes: Buffer, cell: Cell, row: number): boolean {
    if (this.#values > 0 || this.#words) {
      this.#kind = promoted
      this.firstText = this.#packedRows + row
      this.#packed = new PackedCells()
      this.#numbers = new Float64Array(0)
      this.#codes = new Int32Array(0)
      this.#pool = new StringPool()
      return true
    }
    this.#become(text, row)
    return this.#putText(bytes, cell, row)
  }

  /** Changes what the column is taken for; all `row` cells before are missing. */
  #become(kind: number, row: number): void {
    const categorical = kind === boolean || kind === text
    this.#kind = kind
    this.#capacity = Math.max(this.#capacity, row + 1)
    this.#numbers = new Float64Array(categorical ? 0 : this.#capacity).fill(Number.NaN, 0, row)
    this.#codes = new Int32Array(categorical ? this.#capacity : 0).fill(-1, 0, row)
  }

  #grow(row: number): void {
    this.#capacity = Math.max(row + 1, Math.ceil(this.#capacity * 1.5))
    if (this.#codes.length > 0) {
      const codes = new Int32Array(this.#capacity)
      codes.set(this.#codes)
      this.#codes = codes
    } else {
      const numbers = new Float64Array(this.#capacity)
      numbers.set(this.#numbers)
      this.#numbers = numbers
    }
  }
}

function kindOf(type: ColumnType): number {
  if (type === 'string') return text
  if (type === 'boolean') return boolean
  return type === 'timestamp' ? timestamp : numeric
}

function isMissingWord(bytes: Buffer, cell: Cell): boolean {
  const length = cell.end - cell.start
  return length <= 4 && missingWords.has(bytes.toString('latin1', cell.start, cell.end))
}

/** The first `rows` of the array, copied when the room behind them is worth giving back. */
function trimmed<T extends Float64Array | Int32Array>(array: T, rows: number): T {
  if (array.length <= rows * 1.1 + 64) return array.subarray(0, rows) as T
  const room = array instanceof Float64Array ? new Float64Array(rows) : new Int32Array(rows)
  room.set(array.subarray(0, rows))
  return room as T
}
