import { type CategoricalColumn, type Column, cellText, lengthOf } from '../table/column.js'
import { TextPool } from './text-pool.js'

/** Two columns' values as numbers from 0 on; the same number in both where the values are the same. */
export interface SharedCodes {
  readonly a: Int32Array
  readonly b: Int32Array
  /** More than the largest code; some codes may stand for no row. */
  readonly size: number
}

/**
 * Values of two columns without missing cells as shared codes. Two columns of numbers are compared as numbers (1.0 is 1),
 * all others as text: a 7 is the text "7", and "007" or " 7" is another. Integers beyond 2^53 are text in every table,
 * so they are compared digit by digit. About n operations and no more memory than a few numbers a row.
 */
export function sharedCodes(a: Column, b: Column): SharedCodes {
  if (a.kind === 'numeric' && b.kind === 'numeric') return numberCodes(a.values, b.values)
  if (a.kind === 'categorical' && b.kind === 'categorical') return categoryCodes(a, b)
  const pool = new TextPool(lengthOf(a))
  const codes = { a: textCodes(a, pool), b: textCodes(b, pool) }
  return { ...codes, size: pool.size }
}

/** A direct index may have so many entries for each value. */
const ROOM = 4

/** Numbers as codes: integers that lie close together by their distance from the least, others by a hash table. */
export function numberCodes(a: Float64Array, b: Float64Array): SharedCodes {
  const range = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }
  const whole = extend(range, a) && extend(range, b)
  const size = range.high - range.low + 1
  if (!whole || size > ROOM * (a.length + b.length) + 1024) return hashedCodes(a, b)
  const from = (values: Float64Array) => {
    const codes = new Int32Array(values.length)
    for (let i = 0; i < values.length; i++) codes[i] = (values[i] ?? 0) - range.low
    return codes
  }
  return { a: from(a), b: from(b), size: Math.max(0, size) }
}

/** Widens the range; false when a value is no integer. */
function extend(range: { low: number; high: number }, values: Float64Array): boolean {
  let { low, high } = range
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    if (!Number.isInteger(value)) return false
    if (value < low) low = value
    if (value > high) high = value
  }
  range.low = low
  range.high = high
  return true
}

function hashedCodes(a: Float64Array, b: Float64Array): SharedCodes {
  const pool = new NumberPool()
  const codes = { a: pool.codes(a), b: pool.codes(b) }
  return { ...codes, size: pool.size }
}

/** Distinct numbers, numbered in order of first appearance: open addressing over typed arrays. */
class NumberPool {
  #slots = new Int32Array(1024).fill(-1)
  #values = new Float64Array(512)
  #count = 0
  readonly #number = new Float64Array(1)
  readonly #halves = new Int32Array(this.#number.buffer)

  get size(): number {
    return this.#count
  }

  codes(values: Float64Array): Int32Array {
    const codes = new Int32Array(values.length)
    for (let i = 0; i < values.length; i++) codes[i] = this.#code(values[i] ?? 0)
    return codes
  }

  #code(value: number): number {
    const mask = this.#slots.length - 1
    let slot = this.#hash(value) & mask
    for (;;) {
      const code = this.#slots[slot] ?? -1
      if (code < 0) return this.#add(value, slot)
      if (this.#values[code] === value) return code
      slot = (slot + 1) & mask
    }
  }

  /** Of 0 and -0 the same. */
  #hash(value: number): number {
    this.#number[0] = value + 0
    const low = Math.imul(this.#halves[0] ?? 0, 0x9e3779b1)
    const mixed = Math.imul(low ^ (low >>> 15) ^ (this.#halves[1] ?? 0), 0x85ebca77)
    return mixed ^ (mixed >>> 13)
  }

  #add(value: number, slot: number): number {
    const code = this.#count++
    if (code === this.#values.length) {
      const values = new Float64Array(code * 2)
      values.set(this.#values)
      this.#values = values
    }
    this.#values[code] = value
    this.#slots[slot] = code
    if (this.#count * 2 > this.#slots.length) this.#rehash()
    return code
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let code = 0; code < this.#count; code++) {
      let slot = this.#hash(this.#values[code] ?? 0) & mask
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask
      slots[slot] = code
    }
    this.#slots = slots
  }
}

/** Only the distinct texts are compared, not the cells. */
function categoryCodes(a: CategoricalColumn, b: CategoricalColumn): SharedCodes {
  const pool = new TextPool(a.categories.length)
  // Distinct as they are, they get their own codes back.
  for (const category of a.categories) pool.code(category)
  const link = Int32Array.from(b.categories, (category) => pool.code(category))
  const codes = new Int32Array(b.codes.length)
  for (let i = 0; i < codes.length; i++) codes[i] = link[b.codes[i] ?? 0] ?? 0
  return { a: a.codes, b: codes, size: pool.size }
}

function textCodes(column: Column, pool: TextPool): Int32Array {
  const rows = lengthOf(column)
  const codes = new Int32Array(rows)
  for (let row = 0; row < rows; row++) codes[row] = pool.code(cellText(column, row) ?? '')
  return codes
}
