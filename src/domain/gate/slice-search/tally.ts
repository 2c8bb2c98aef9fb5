import type { Harms } from './harms.js'

/**
 * What is summed over the rows of a slice. 0/1 scores: `worse` and `better` count rows. Other scores: they are the sum
 * and the sum of squares of standardised harms.
 */
export interface Tally {
  readonly n: number
  readonly worse: number
  readonly better: number
}

/** Three numbers a cell. */
export const CELL = 3

export type CellTable = Int32Array | Float64Array

/** Codes of the rows on one axis of a table: values of a column, or slices of several columns. */
export interface Axis {
  readonly codes: Uint8Array | Int32Array
  /** Codes are below this. */
  readonly size: number
}

/** One pass over all rows: the sums of every combination of a code of `a` and a code of `b`. */
export function crossTable(harms: Harms, a: Axis, b: Axis): CellTable {
  const { signs } = harms
  if (signs !== undefined) return countSigns(signs, a, b)
  return sumValues(harms.values, a, b)
}

function countSigns(signs: Uint8Array, a: Axis, b: Axis): Int32Array {
  const table = new Int32Array(a.size * b.size * CELL)
  const { codes: left } = a
  const { codes: right, size } = b
  for (let i = 0; i < signs.length; i++) {
    const at = ((left[i] ?? 0) * size + (right[i] ?? 0)) * CELL + (signs[i] ?? 0)
    table[at] = (table[at] ?? 0) + 1
  }
  return table
}

function sumValues(values: Float64Array, a: Axis, b: Axis): Float64Array {
  const table = new Float64Array(a.size * b.size * CELL)
  const { codes: left } = a
  const { codes: right, size } = b
  for (let i = 0; i < values.length; i++) {
    const at = ((left[i] ?? 0) * size + (right[i] ?? 0)) * CELL
    const value = values[i] ?? 0
    table[at] = (table[at] ?? 0) + 1
    table[at + 1] = (table[at + 1] ?? 0) + value
    table[at + 2] = (table[at + 2] ?? 0) + value * value
  }
  return table
}

/** The sums of one cell. */
export function cellAt(table: CellTable, cell: number): Tally {
  const first = table[cell * CELL] ?? 0
  const worse = table[cell * CELL + 1] ?? 0
  const better = table[cell * CELL + 2] ?? 0
  return { n: table instanceof Int32Array ? first + worse + better : first, worse, better }
}

/** The sums over some places of the harms' order; in ascending order they do not depend on the file's. */
export function tallyOf(harms: Harms, places: Uint32Array): Tally {
  const { signs, values } = harms
  let worse = 0
  let better = 0
  for (let i = 0; i < places.length; i++) {
    const place = places[i] ?? 0
    if (signs !== undefined) {
      worse += signs[place] === 1 ? 1 : 0
      better += signs[place] === 2 ? 1 : 0
    } else {
      const value = values[place] ?? 0
      worse += value
      better += value * value
    }
  }
  return { n: places.length, worse, better }
}

/** The rows of one tally that are not in the other, which is part of it. */
export function without(whole: Tally, part: Tally): Tally {
  return {
    n: whole.n - part.n,
    worse: whole.worse - part.worse,
    better: whole.better - part.better,
  }
}
