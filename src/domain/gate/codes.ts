import type { Column } from '../table/column.js'

/** A column as codes into its distinct values; -1 where missing. */
export interface CodedColumn {
  readonly codes: Int32Array
  readonly names: readonly string[]
}

/** Distinct values of a column as text, with each row's index into them. */
export function codesOf(column: Column): CodedColumn {
  if (column.kind === 'categorical') return { codes: column.codes, names: column.categories }
  const codes = new Int32Array(column.values.length)
  const seen = new Map<number, number>()
  for (let row = 0; row < codes.length; row++) {
    const value = column.values[row] ?? Number.NaN
    codes[row] = Number.isNaN(value) ? -1 : codeFor(seen, value)
  }
  return { codes, names: Array.from(seen.keys(), String) }
}

function codeFor(seen: Map<number, number>, value: number): number {
  const known = seen.get(value)
  if (known !== undefined) return known
  seen.set(value, seen.size)
  return seen.size - 1
}

/** Values in an order that does not depend on the rows: numbers by size, then texts by code unit. */
export function canonicalOrder(names: Iterable<string>): string[] {
  return [...names].sort(compareNames)
}

function compareNames(a: string, b: string): number {
  const x = numberOf(a)
  const y = numberOf(b)
  if (x !== undefined && y !== undefined && x !== y) return x - y
  if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1
  if (a === b) return 0
  return a < b ? -1 : 1
}

function numberOf(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isNaN(value) ? undefined : value
}

/** Names that occur in the named rows. */
export function usedNames(column: CodedColumn, rows: Int32Array): Set<string> {
  const used = new Uint8Array(column.names.length)
  for (const row of rows) {
    const code = column.codes[row] ?? -1
    if (code >= 0) used[code] = 1
  }
  return new Set(column.names.filter((_, code) => used[code] === 1))
}

/** The named rows of a column as indexes into `names`; -1 where missing or not among them. */
export function recode(
  column: CodedColumn,
  rows: Int32Array,
  names: readonly string[],
): Int32Array {
  const index = new Map(names.map((name, code) => [name, code]))
  const link = Int32Array.from(column.names, (name) => index.get(name) ?? -1)
  const codes = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) codes[i] = link[column.codes[rows[i] ?? 0] ?? -1] ?? -1
  return codes
}
