import type { NumericColumn } from '../../table/column.js'
import { orderStatistics } from '../diagnostics/order-statistics.js'

/** Numbers with so few distinct values are categories: codes, years, counts of children. */
const MOST_AS_CATEGORIES = 25
const BINS = 8

/** Whole numbers below this are looked up in an array: most columns of codes hold nothing else. */
const SMALL = 1024

function isSmall(value: number): boolean {
  return value >= 0 && value < SMALL && (value | 0) === value
}

/** A number's bins: `binOf` gives an index into `names`, or -1 where there is no number. */
export interface NumberBins {
  readonly names: readonly string[]
  binOf(value: number): number
}

/**
 * How a column of numbers is cut into slices: each value by itself where there are at most 25 distinct ones, otherwise
 * at its octiles, duplicates merged. Bins of equal count keep every slice as testable as the next, whatever the
 * column's scale and tails, as Slice Finder does (Chung, Kraska, Polyzotis, Tae & Whang 2019, "Automated data slicing
 * for model validation", who discretise numbers by quantiles). Octiles are values of the column itself, so that no
 * rounding splits ties. Bins are [from, to); the outer ones hold the infinities.
 */
export function numberBins(values: Float64Array, type: NumericColumn['type']): NumberBins {
  const distinct = fewDistinct(values)
  if (distinct !== undefined) return categoryBins(distinct, type)
  const finite = values.filter((value) => Number.isFinite(value))
  const ranks = Array.from({ length: BINS - 1 }, (_, k) =>
    Math.floor((finite.length * (k + 1)) / BINS),
  )
  const edges = [...new Set(orderStatistics(finite, ranks))].filter((edge) => !Number.isNaN(edge))
  // The smallest value as an edge would leave nothing but minus infinity below it.
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  return intervalBins(
    edges.filter((edge) => edge > low),
    type,
  )
}

/** The distinct values in ascending order, or undefined where there are too many. */
function fewDistinct(values: Float64Array): number[] | undefined {
  const seen = new Set<number>()
  const small = new Uint8Array(SMALL)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN
    if (Number.isNaN(value)) continue
    if (isSmall(value)) {
      if (small[value] === 1) continue
      small[value] = 1
    }
    seen.add(value)
    if (seen.size > MOST_AS_CATEGORIES) return undefined
  }
  return [...seen].sort((a, b) => (a < b ? -1 : 1))
}

function categoryBins(distinct: readonly number[], type: NumericColumn['type']): NumberBins {
  const codes = new Map(distinct.map((value, code) => [value, code]))
  const small = Int8Array.from({ length: SMALL }, (_, value) => codes.get(value) ?? -1)
  return {
    names: distinct.map((value) => numberText(value, type)),
    binOf: (value) => (isSmall(value) ? small[value] : codes.get(value)) ?? -1,
  }
}

function intervalBins(edges: readonly number[], type: NumericColumn['type']): NumberBins {
  const texts = edges.map((edge) => numberText(edge, type))
  const names = Array.from({ length: edges.length + 1 }, (_, bin) => {
    const from = bin === 0 ? '(-inf' : `[${texts[bin - 1]}`
    return `${from}, ${texts[bin] ?? 'inf'})`
  })
  return { names, binOf: (value) => (Number.isNaN(value) ? -1 : binAt(edges, value)) }
}

function binAt(edges: readonly number[], value: number): number {
  let bin = 0
  while (bin < edges.length && value >= (edges[bin] ?? 0)) bin++
  return bin
}

function numberText(value: number, type: NumericColumn['type']): string {
  const date = type === 'timestamp' ? new Date(value) : undefined
  return date === undefined || Number.isNaN(date.getTime()) ? String(value) : date.toISOString()
}
