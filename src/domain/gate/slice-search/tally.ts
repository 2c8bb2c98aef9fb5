import { designTable } from './design-table.js'
import type { Harms } from './harms.js'

/**
 * What is summed over the rows of a slice. 0/1 scores: `worse` and `better` count rows. Other scores: they are the sum
 * and the sum of squares of standardised harms.
 */
export interface Tally {
  readonly n: number
  readonly worse: number
  readonly better: number
  readonly design?: DesignTally | undefined
}

/** Sums over the clusters of a slice; t is a cluster's sum of weight times harm, m its sum of weights. */
export interface DesignTally {
  readonly clusters: number
  readonly t: number
  readonly m: number
  readonly tt: number
  readonly tm: number
  readonly mm: number
}

/** Numbers a cell. */
const CELL = 3

/** The sums of every cell. */
export type CellTable = (cell: number) => Tally

/** Codes of the rows on one axis of a table: values of a column, or slices of several columns. */
export interface Axis {
  readonly codes: Uint8Array | Int32Array
  /** Codes are below this. */
  readonly size: number
}

/** One pass over all rows: the sums of every combination of a code of `a` and a code of `b`; a cell is a * b.size + b. */
export function crossTable(harms: Harms, a: Axis, b: Axis): CellTable {
  const { signs, values, design } = harms
  if (design !== undefined) return designTable({ values, design }, a, b)
  return signs === undefined ? sumValues(values, a, b) : countSigns(signs, a, b)
}

function countSigns(signs: Uint8Array, a: Axis, b: Axis): CellTable {
  const table = new Int32Array(a.size * b.size * CELL)
  const { codes: left } = a
  const { codes: right, size } = b
  for (let i = 0; i < signs.length; i++) {
    const at = ((left[i] ?? 0) * size + (right[i] ?? 0)) * CELL + (signs[i] ?? 0)
    table[at] = (table[at] ?? 0) + 1
  }
  return (cell) => {
    const [same = 0, worse = 0, better = 0] = table.subarray(cell * CELL, (cell + 1) * CELL)
    return { n: same + worse + better, worse, better }
  }
}

function sumValues(values: Float64Array, a: Axis, b: Axis): CellTable {
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
  return (cell) => {
    const [n = 0, worse = 0, better = 0] = table.subarray(cell * CELL, (cell + 1) * CELL)
    return { n, worse, better }
  }
}

/** The sums over some places of the harms' order; in ascending order they do not depend on the file's. */
export function tallyOf(harms: Harms, places: Uint32Array): Tally {
  const { signs, values, design } = harms
  const one = { codes: new Uint8Array(places.length), size: 1 }
  const pick = (all: Float64Array) => Float64Array.from(places, (place) => all[place] ?? 0)
  const picked: Harms = {
    ...harms,
    signs: signs && Uint8Array.from(places, (place) => signs[place] ?? 0),
    values: signs === undefined ? pick(values) : values,
    design: design && {
      weights: pick(design.weights),
      clusters: Int32Array.from(places, (place) => design.clusters[place] ?? 0),
    },
  }
  return crossTable(picked, one, one)(0)
}

/** The rows of one tally that are not in the other, which is part of it; of clusters only the sums t and m. */
export function without(whole: Tally, part: Tally): Tally {
  const { design } = whole
  return {
    n: whole.n - part.n,
    worse: whole.worse - part.worse,
    better: whole.better - part.better,
    design: design && {
      ...design,
      t: design.t - (part.design?.t ?? 0),
      m: design.m - (part.design?.m ?? 0),
    },
  }
}
