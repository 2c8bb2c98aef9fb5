import type { Column, NumericColumn } from '../table/column.js'

/** A column as codes into its distinct values; -1 where missing. */
export interface CodedColumn {
  readonly codes: Int32Array
  readonly names: readonly string[]
}

/** Rows of a column as codes into its distinct values; `names` may hold values that none of the rows has. */
export interface CodedRows extends CodedColumn {
  /** One for each name that occurs. */
  readonly used: Uint8Array
  readonly missing: number
  /** The first row of the table without a value, or -1. */
  readonly firstMissing: number
}

/** The named rows of a column, coded; undefined when they hold more than `most` distinct values. */
export function codeRows(column: Column, rows: Int32Array, most: number): CodedRows | undefined {
  if (column.kind === 'numeric') return codeNumbers(column, rows, most)
  const codes = new Int32Array(rows.length)
  const used = new Uint8Array(column.categories.length)
  const missing = { count: 0, first: -1 }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    const code = column.codes[row] ?? -1
    codes[i] = code
    if (code >= 0) used[code] = 1
    else if (missing.count++ === 0) missing.first = row
  }
  let distinct = 0
  for (const one of used) distinct += one
  if (distinct > most) return undefined
  const { categories: names } = column
  return { codes, names, used, missing: missing.count, firstMissing: missing.first }
}

/** Integers from 0 up to this are looked up by position: what most labels are. */
const DIRECT = 4096

function codeNumbers(column: NumericColumn, rows: Int32Array, most: number): CodedRows | undefined {
  const { values } = column
  const codes = new Int32Array(rows.length)
  const places = new NumberPlaces()
  let missing = 0
  let firstMissing = -1
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    const code = places.of(values[row] ?? Number.NaN)
    codes[i] = code
    if (places.count > most) return undefined
    if (code < 0 && missing++ === 0) firstMissing = row
  }
  const names = places.names()
  return { codes, names, used: new Uint8Array(names.length).fill(1), missing, firstMissing }
}

/** Distinct numbers in the order of their first appearance. */
class NumberPlaces {
  readonly #direct = new Int32Array(DIRECT).fill(-1)
  readonly #places = new Map<number, number>()

  get count(): number {
    return this.#places.size
  }

  /** The number's place; -1 for NaN. */
  of(value: number): number {
    const whole = value | 0
    if (whole !== value || whole < 0 || whole >= DIRECT) return this.#lookUp(value)
    const place = this.#direct[whole] ?? -1
    if (place >= 0) return place
    this.#direct[whole] = this.#lookUp(value)
    return this.#direct[whole] ?? -1
  }

  names(): string[] {
    return Array.from(this.#places.keys(), String)
  }

  #lookUp(value: number): number {
    if (Number.isNaN(value)) return -1
    const known = this.#places.get(value)
    if (known !== undefined) return known
    this.#places.set(value, this.#places.size)
    return this.#places.size - 1
  }
}

/** Values in an order that does not depend on the rows: numbers by size, then texts by code unit. */
export function canonicalOrder(names: Iterable<string>): string[] {
  return Array.from(names, (name) => ({ name, value: numberOf(name) }))
    .sort(compareNames)
    .map(({ name }) => name)
}

interface Ordered {
  readonly name: string
  readonly value: number | undefined
}

function compareNames(a: Ordered, b: Ordered): number {
  if (a.value !== undefined && b.value !== undefined && a.value !== b.value) {
    return a.value - b.value
  }
  if ((a.value === undefined) !== (b.value === undefined)) return a.value === undefined ? 1 : -1
  if (a.name === b.name) return 0
  return a.name < b.name ? -1 : 1
}

function numberOf(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isNaN(value) ? undefined : value
}

/** The names that occur. */
export function usedNames({ names, used }: CodedRows): string[] {
  return names.filter((_, code) => used[code] === 1)
}

/** Codes as indexes into other names; `other` where a value is missing or not among them. */
export function recode(coded: CodedColumn, names: readonly string[], other = -1): Int32Array {
  const link = linkTo(coded, names, other)
  const codes = new Int32Array(coded.codes.length)
  for (let i = 0; i < codes.length; i++) codes[i] = link[coded.codes[i] ?? -1] ?? other
  return codes
}

/** As `recode`, as the numbers that metrics take. */
export function recodeAsNumbers(
  coded: CodedColumn,
  names: readonly string[],
  other = -1,
): Float64Array {
  const link = linkTo(coded, names, other)
  const codes = new Float64Array(coded.codes.length)
  for (let i = 0; i < codes.length; i++) codes[i] = link[coded.codes[i] ?? -1] ?? other
  return codes
}

function linkTo(coded: CodedColumn, names: readonly string[], other: number): Int32Array {
  const index = new Map(names.map((name, code) => [name, code]))
  return Int32Array.from(coded.names, (name) => index.get(name) ?? other)
}
