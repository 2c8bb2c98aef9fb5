import type { Column } from '../../table/column.js'
import { canonicalCodes, hashRows } from './row-hash.js'

export interface RepeatedRows {
  /** Rows that are equal to an earlier one. */
  readonly repeated: number
  /** Rows in which every cell is missing; such rows repeat nothing where they are passed over. */
  readonly blank: number
  /** The first of the repeated rows and the one that it repeats, from 0. */
  readonly first: { readonly row: number; readonly earlier: number } | undefined
}

/** Twice the rows at most, and never fewer than half as many again. */
const SPARE = 1.5

/**
 * Counts the rows whose cells in these columns are all equal to those of an earlier row; a missing cell is equal to a
 * missing one. Exact: rows of the same 64-bit hash are compared cell by cell. No strings are made, so that ten
 * million rows take about 150 MB beside the table. Of no columns, no row repeats another.
 */
export function repeatedRows(
  columns: readonly Column[],
  { rows, passOverBlank }: { readonly rows: number; readonly passOverBlank: boolean },
): RepeatedRows {
  const blanks = passOverBlank ? blankRows(columns, rows) : undefined
  const result: { repeated: number; blank: number; first: RepeatedRows['first'] } = {
    repeated: 0,
    blank: 0,
    first: undefined,
  }
  if (columns.length === 0) return result
  const index = createIndex(columns, rows)
  for (let row = 0; row < rows; row++) {
    if (blanks?.[row] === 1) {
      result.blank++
      continue
    }
    const earlier = index.findOrAdd(row)
    if (earlier < 0) continue
    result.repeated++
    result.first ??= { row, earlier }
  }
  return result
}

interface RowIndex {
  /** The earlier row that is equal, or -1 where this is the first of its kind. */
  findOrAdd(row: number): number
}

/** An open hash table of row numbers. */
function createIndex(columns: readonly Column[], rows: number): RowIndex {
  const { low, high } = hashRows(columns, rows)
  const equal = rowEquality(columns)
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, rows * SPARE)))
  const slots = new Int32Array(size).fill(-1)
  return {
    findOrAdd: (row) => {
      const hash = low[row] ?? 0
      let slot = hash & (size - 1)
      for (;;) {
        const other = slots[slot] ?? -1
        if (other < 0) break
        if (low[other] === hash && high[other] === high[row] && equal(other, row)) return other
        slot = (slot + 1) & (size - 1)
      }
      slots[slot] = row
      return -1
    },
  }
}

/** Compares two rows cell by cell, so that two rows of one hash are never taken for equal. */
function rowEquality(columns: readonly Column[]): (one: number, other: number) => boolean {
  const cells = columns.map((column) =>
    column.kind === 'numeric' ? column.values : canonicalCodes(column),
  )
  return (one, other) => {
    for (const values of cells) {
      const left = values[one] ?? Number.NaN
      const right = values[other] ?? Number.NaN
      if (left !== right && !(Number.isNaN(left) && Number.isNaN(right))) return false
    }
    return true
  }
}

function blankRows(columns: readonly Column[], rows: number): Uint8Array {
  const blank = new Uint8Array(rows).fill(1)
  for (const column of columns) {
    const values = column.kind === 'numeric' ? column.values : column.codes
    const isCode = column.kind === 'categorical'
    for (let row = 0; row < rows; row++) {
      const value = values[row] ?? Number.NaN
      if (isCode ? value >= 0 : !Number.isNaN(value)) blank[row] = 0
    }
  }
  return blank
}
