import { frequencyBins } from '../../stats/binned-feature.js'
import { quantileSorted } from '../../stats/quantile.js'
import { sortFinite } from '../../stats/sort.js'
import type { Pooled, PooledColumn } from './pooled.js'

/** Columns as points of a space in which distances mean something. */
export interface Encoded {
  /** Row after row, one for each row asked for. */
  readonly values: Float64Array
  readonly columns: number
  /** For each encoded column the place of the column that it is of. */
  readonly sources: Int32Array
}

/** A robust standard deviation of a normal column is this part of its interquartile range. */
const IQR_OF_NORMAL = 1.3489795003921634
/** Values further out than this are drawn in: one wild number is not to outweigh all others. Infinities come here too. */
const FURTHEST = 8
/** With the missing and the rare ones. */
const MOST_CATEGORIES = 22
const LEAST_CATEGORIES = 4
/** Encoded columns: where there are very many columns, each gets fewer. */
const MOST_ENCODED = 600
const FEWEST_OF_CATEGORY = 10

interface Encoding {
  readonly source: number
  at(row: number): number
}

/**
 * The rows of those numbers: numbers standardised by the reference's median and interquartile range, with an indicator of missing
 * ones where there are any; categories as indicators over the root of two, so that two that differ are 1 apart.
 */
export function encode(pooled: Pooled, rows: Uint32Array): Encoded {
  const limits = limitsFor(pooled.columns)
  const encodings = pooled.columns.flatMap((column, source) =>
    column.kind === 'numeric'
      ? encodeNumbers(column.values, source, { reference: pooled.rows.reference, ...limits })
      : encodeCategories(column.codes, source, limits.categories),
  )
  const columns = encodings.length
  const values = new Float64Array(rows.length * columns)
  encodings.forEach((encoding, j) => {
    for (let i = 0; i < rows.length; i++) values[i * columns + j] = encoding.at(rows[i] ?? 0)
  })
  return { values, columns, sources: Int32Array.from(encodings, ({ source }) => source) }
}

interface Limits {
  /** Of one column, with the missing and the rare ones. */
  readonly categories: number
  /** Whether there is room for saying which numbers are missing. */
  readonly indicators: boolean
}

function limitsFor(columns: readonly PooledColumn[]): Limits {
  const numbers = columns.filter(({ kind }) => kind === 'numeric').length
  const others = columns.length - numbers
  const room = MOST_ENCODED - LEAST_CATEGORIES * others
  const indicators = 2 * numbers <= room
  const left = Math.floor((MOST_ENCODED - (indicators ? 2 : 1) * numbers) / Math.max(1, others))
  return {
    categories: Math.max(LEAST_CATEGORIES, Math.min(MOST_CATEGORIES, left)),
    indicators,
  }
}

/** How many encoded columns there are at most, without looking at a row. */
export function mostEncoded(columns: readonly PooledColumn[]): number {
  const { categories, indicators } = limitsFor(columns)
  const ofNumber = indicators ? 2 : 1
  return columns.reduce((sum, { kind }) => sum + (kind === 'numeric' ? ofNumber : categories), 0)
}

function encodeNumbers(
  values: Float64Array,
  source: number,
  { reference, indicators }: { readonly reference: number; readonly indicators: boolean },
): Encoding[] {
  const { centre, scale } = robustScale(values.subarray(0, reference))
  const number: Encoding = {
    source,
    at: (row) => {
      const value = values[row] ?? Number.NaN
      if (Number.isNaN(value)) return 0
      return Math.max(-FURTHEST, Math.min(FURTHEST, (value - centre) / scale))
    },
  }
  if (!indicators || !values.some(Number.isNaN)) return [number]
  const missing: Encoding = {
    source,
    at: (row) => (Number.isNaN(values[row]) ? Math.SQRT1_2 : 0),
  }
  return [number, missing]
}

/** Median and robust standard deviation; the plain one where half of the values are equal, 1 where all are. */
function robustScale(values: Float64Array): { centre: number; scale: number } {
  const { sorted } = sortFinite(values)
  const quantile = (q: number): number => quantileSorted(sorted, q) ?? 0
  const centre = quantile(0.5)
  const range = quantile(0.75) - quantile(0.25)
  if (range > 0 && Number.isFinite(range)) return { centre, scale: range / IQR_OF_NORMAL }
  const squares = sorted.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  const deviation = Math.sqrt(squares / sorted.length)
  return { centre, scale: deviation > 0 && Number.isFinite(deviation) ? deviation : 1 }
}

function encodeCategories(codes: Int32Array, source: number, most: number): Encoding[] {
  const { bins, count } = frequencyBins(codes, {
    most,
    fewest: FEWEST_OF_CATEGORY,
  })
  const used = new Uint8Array(count)
  for (const bin of bins) used[bin] = 1
  return Array.from(used.keys())
    .filter((bin) => used[bin] === 1)
    .map((bin) => ({ source, at: (row) => (bins[row] === bin ? Math.SQRT1_2 : 0) }))
}
