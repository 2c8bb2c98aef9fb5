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
  const direct = new Int32Array(DIRECT).fill(-1)
  const places = new Map<number, number>()
  const names: string[] = []
  const missing = { count: 0, first: -1 }
  const place = (value: number): number => {
    const known = places.get(value)
    if (known !== undefined) return known
    places.set(value, names.length)
    if (value >= 0 && value < DIRECT && Number.isInteger(value)) direct[value] = names.length
    return names.push(String(value)) - 1
  }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    const value = values[row] ?? Number.NaN
    const near = direct[value] ?? -1
    if (near >= 0) codes[i] = near
    else if (Number.isNaN(value)) {
      codes[i] = -1
      if (missing.count++ === 0) missing.first = row
    } else codes[i] = place(value)
    if (names.length > most) return undefined
  }
  const used = new Uint8Array(names.length).fill(1)
  return { codes, names, used, missing: missing.count, firstMissing: missing.first }
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
