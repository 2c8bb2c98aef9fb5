import { sortFinite } from '../stats/sort.js'
import type { Column, NumericColumn } from '../table/column.js'
import type { Sides } from './predicate.js'
import type { CategoryPair, NumericPair } from './tests/drift-test.js'

/** A column of both tables, ready to be compared. */
export interface ColumnPair {
  readonly pair: NumericPair | CategoryPair
  readonly missing: Sides
  readonly infinities: Sides
}

/** Both columns as sorted finite values. A column of text has none: that is checked before. */
export function numericPair(reference: Column, current: Column): ColumnPair {
  const left = sortFinite(numbersOf(reference))
  const right = sortFinite(numbersOf(current))
  return {
    pair: { kind: 'numeric', reference: left.sorted, current: right.sorted },
    missing: { reference: left.missing, current: right.missing },
    infinities: {
      reference: left.positiveInfinities + left.negativeInfinities,
      current: right.positiveInfinities + right.negativeInfinities,
    },
  }
}

/** A column without a single value may have been read as text: then every cell is missing. */
function numbersOf(column: Column): Float64Array {
  if (column.kind === 'numeric') return column.values
  return new Float64Array(column.codes.length).fill(Number.NaN)
}

/** Both columns as counts by category; numbers are categories by their text. */
export function categoryPair(reference: Column, current: Column): ColumnPair {
  const left = tally(reference)
  const right = tally(current)
  const categories = [...left.counts.keys()]
  for (const category of right.counts.keys()) {
    if (!left.counts.has(category)) categories.push(category)
  }
  return {
    pair: {
      kind: 'categorical',
      categories,
      reference: Float64Array.from(categories, (category) => left.counts.get(category) ?? 0),
      current: Float64Array.from(categories, (category) => right.counts.get(category) ?? 0),
    },
    missing: { reference: left.missing, current: right.missing },
    infinities: { reference: left.infinities, current: right.infinities },
  }
}

interface Tally {
  /** Only categories that occur. */
  readonly counts: ReadonlyMap<string, number>
  readonly missing: number
  readonly infinities: number
}

function tally(column: Column): Tally {
  return column.kind === 'numeric' ? tallyNumbers(column) : tallyCodes(column)
}

function tallyCodes(column: Extract<Column, { kind: 'categorical' }>): Tally {
  const { codes, categories } = column
  const perCode = new Float64Array(categories.length)
  let present = 0
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1
    if (code < 0) continue
    perCode[code] = (perCode[code] ?? 0) + 1
    present++
  }
  const counts = new Map<string, number>()
  for (const [code, category] of categories.entries()) {
    const count = perCode[code] ?? 0
    if (count > 0) counts.set(category, (counts.get(category) ?? 0) + count)
  }
  return { counts, missing: codes.length - present, infinities: 0 }
}

function tallyNumbers(column: NumericColumn): Tally {
  const byValue = new Map<number, number>()
  let missing = 0
  let infinities = 0
  for (const value of column.values) {
    if (Number.isFinite(value)) byValue.set(value, (byValue.get(value) ?? 0) + 1)
    else if (Number.isNaN(value)) missing++
    else infinities++
  }
  const ordered = [...byValue].sort((a, b) => a[0] - b[0])
  const counts = new Map(ordered.map(([value, count]) => [String(value), count]))
  return { counts, missing, infinities }
}

/** Whether a numeric column has at most `most` distinct finite values, and at least one. */
export function hasFewValues(column: NumericColumn, most: number): boolean {
  const seen = new Set<number>()
  for (const value of column.values) {
    if (!Number.isFinite(value)) continue
    seen.add(value)
    if (seen.size > most) return false
  }
  return seen.size > 0
}

/** Whether no cell has a value (infinities are values). */
export function isBlank(column: Column): boolean {
  return column.kind === 'numeric'
    ? column.values.every(Number.isNaN)
    : column.codes.every((code) => code < 0)
}
