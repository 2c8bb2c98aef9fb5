import type { Column } from '../../domain/table/column.js'
import { timestampOf } from '../csv/parse-timestamp.js'
import type { ColumnType } from '../table-format.js'

export type Scalar = number | string | boolean | null

/** One column of JSON values while they are read; rows without the key are missing. */
export class JsonColumn {
  readonly name: string
  readonly #stated: ColumnType | undefined
  readonly #cells: Scalar[] = []
  #plain = 0
  #nested = 0
  /** Of the first list or object, counted from 0; -1 without any. */
  nestedRow = -1

  constructor(name: string, stated: ColumnType | undefined) {
    this.name = name
    this.#stated = stated
  }

  get stated(): ColumnType | undefined {
    return this.#stated
  }

  /** Stores the value of a row; false when it does not fit the type that the user stated. */
  put(value: Scalar, row: number): boolean {
    while (this.#cells.length < row) this.#cells.push(null)
    this.#cells[row] = value
    if (value !== null) this.#plain++
    return value === null || this.#stated === undefined || fits(value, this.#stated)
  }

  /** Whether most values are lists or objects: then the column is left out. */
  get isNested(): boolean {
    return this.#nested > this.#plain
  }

  /** Notes a list or an object. Among other values a text stands for it, which is no number. */
  putNested(value: object, row: number): boolean {
    if (this.nestedRow < 0) this.nestedRow = row
    const fits = this.put(Array.isArray(value) ? '[…]' : '{…}', row)
    this.#plain--
    this.#nested++
    return fits
  }

  /** The type that all values have; text where they differ. */
  get type(): ColumnType {
    return this.#stated ?? commonType(this.#cells)
  }

  finish(rows: number): Column {
    const { name, type } = this
    while (this.#cells.length < rows) this.#cells.push(null)
    if (type === 'string' || type === 'boolean') return categorical(name, type, this.#cells)
    const values = Float64Array.from(this.#cells, (cell) => numberOf(cell, type))
    let missing = 0
    for (const value of values) if (Number.isNaN(value)) missing++
    return { kind: 'numeric', name, type, values, missing }
  }
}

const typed: readonly ColumnType[] = ['integer', 'number', 'boolean', 'timestamp']

function commonType(cells: readonly Scalar[]): ColumnType {
  let fitting = typed
  let hasValue = false
  for (const cell of cells) {
    if (cell === null) continue
    hasValue = true
    fitting = fitting.filter((type) => fits(cell, type))
    if (fitting.length === 0) return 'string'
  }
  return hasValue ? (fitting[0] ?? 'string') : 'number'
}

function fits(value: number | string | boolean, type: ColumnType): boolean {
  if (type === 'number') return typeof value === 'number'
  if (type === 'integer') return Number.isSafeInteger(value)
  if (type === 'boolean') return typeof value === 'boolean'
  return type === 'string' || (typeof value === 'string' && !Number.isNaN(timestampOf(value)))
}

function numberOf(cell: Scalar, type: ColumnType): number {
  if (cell === null) return Number.NaN
  return type === 'timestamp' ? timestampOf(String(cell)) : Number(cell)
}

function categorical(name: string, type: 'string' | 'boolean', cells: readonly Scalar[]): Column {
  const places = new Map<string, number>()
  if (type === 'boolean') places.set('false', 0).set('true', 1)
  let missing = 0
  const codes = Int32Array.from(cells, (cell) => {
    if (cell === null) {
      missing++
      return -1
    }
    const text = String(cell)
    const place = places.get(text) ?? places.size
    places.set(text, place)
    return place
  })
  return { kind: 'categorical', name, type, codes, categories: [...places.keys()], missing }
}
