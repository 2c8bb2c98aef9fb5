import { midranks } from './midranks.js'

/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost of a loop. */
const { isNaN: isMissing } = Number

/** How strongly two columns go together in one sample. */
export interface Association {
  /** -1 to 1 for numbers, 0 to 1 where there are categories; 0 where one of the columns is constant. */
  readonly value: number
  /** A smooth function of the value that tests are made on: Fisher's z, or the square (which may be below 0). */
  readonly scaled: number
  /** Of `scaled`. */
  readonly variance: number
  /** Rows where both columns have a value. */
  readonly rows: number
}

/** Beyond this, Fisher's z grows without bound; sums of ranks cannot tell the correlation from 1. */
const MOST_CORRELATION = 1 - 1e-9

/** A column's ranks, ready to be compared with many others. */
export interface RankedColumn {
  /** Less their mean; NaN where missing. */
  readonly ranks: Float64Array
  /** Their length as a vector; undefined where a row is missing. */
  readonly norm: number | undefined
}

/** Ranks once for all pairs. */
export function rankColumn(values: Float64Array): RankedColumn {
  const ranks = midranks(values)
  const mean = meanOf(ranks)
  let squares = 0
  for (let i = 0; i < ranks.length; i++) {
    const centred = (ranks[i] ?? 0) - mean
    ranks[i] = centred
    squares += centred * centred
  }
  return { ranks, norm: isMissing(squares) ? undefined : Math.sqrt(squares) }
}

/**
 * Spearman's correlation with Fisher's z and its variance (1 + r^2 / 2) / (n - 3) (Bonett & Wright 2000, Psychometrika 65:23-28).
 * Where rows are missing, the ranks of all are used for those that are left. Fewer than four rows -> undefined.
 */
export function spearmanAssociation(
  one: RankedColumn,
  other: RankedColumn,
): Association | undefined {
  const { rho, rows } =
    one.norm === undefined || other.norm === undefined
      ? rhoOfComplete(one.ranks, other.ranks)
      : { rho: rhoOf(one, other), rows: one.ranks.length }
  if (rows < 4) return undefined
  const value = Math.max(-1, Math.min(1, rho))
  const cut = Math.max(-MOST_CORRELATION, Math.min(MOST_CORRELATION, value))
  const variance = (1 + (value * value) / 2) / (rows - 3)
  return { value, scaled: Math.atanh(cut), variance, rows }
}

function rhoOf(one: RankedColumn, other: RankedColumn): number {
  const norms = (one.norm ?? 0) * (other.norm ?? 0)
  if (!(norms > 0)) return 0
  let sum = 0
  for (let i = 0; i < one.ranks.length; i++) sum += (one.ranks[i] ?? 0) * (other.ranks[i] ?? 0)
  return sum / norms
}

/** Of the rows where neither is missing. */
function rhoOfComplete(one: Float64Array, other: Float64Array): { rho: number; rows: number } {
  let [rows, sumX, sumY, sumXx, sumYy, sumXy] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < one.length; i++) {
    const x = one[i] ?? 0
    const y = other[i] ?? 0
    const product = x * y
    if (isMissing(product)) continue
    rows++
    sumX += x
    sumY += y
    sumXx += x * x
    sumYy += y * y
    sumXy += product
  }
  const varianceX = sumXx - (sumX * sumX) / rows
  const varianceY = sumYy - (sumY * sumY) / rows
  const covariance = sumXy - (sumX * sumY) / rows
  const isVarying = varianceX > 0 && varianceY > 0
  return { rho: isVarying ? covariance / Math.sqrt(varianceX * varianceY) : 0, rows }
}

/**
 * Correlation ratio of numbers (NaN where missing) by group (-1 where missing): the root of the share of variance between groups,
 * corrected for chance (Kelley 1935). The variance of its square is the jackknife's, numbers taken as they are. Fewer than two
 * groups of at least two rows, or constant numbers -> undefined.
 */
export function ratioAssociation(
  values: Float64Array,
  groups: Int32Array,
  groupCount: number,
): Association | undefined {
  const moments = groupMoments(values, groups, groupCount)
  if (moments === undefined) return undefined
  const { rows } = moments
  const square = squaredRatio(moments)
  let sum = 0
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const value = (values[i] ?? 0) - moments.shift
    const group = groups[i] ?? -1
    if (group < 0 || isMissing(value)) continue
    const left = squaredRatio(without(moments, value, group)) - square
    sum += left
    squares += left * left
  }
  const variance = ((rows - 1) / rows) * Math.max(0, squares - (sum * sum) / rows)
  return { value: Math.sqrt(Math.max(0, Math.min(1, square))), scaled: square, variance, rows }
}

interface Moments {
  readonly rows: number
  readonly used: number
  /** Taken off the values, so that squares do not swamp differences. */
  readonly shift: number
  readonly total: number
  readonly totalSquares: number
  /** The sum over groups of their squared sum over their size. */
  readonly between: number
  readonly sizes: Float64Array
  readonly sums: Float64Array
}

function groupMoments(
  values: Float64Array,
  groups: Int32Array,
  groupCount: number,
): Moments | undefined {
  const sizes = new Float64Array(groupCount)
  const sums = new Float64Array(groupCount)
  const shift = meanOf(values)
  let rows = 0
  let total = 0
  let totalSquares = 0
  for (let i = 0; i < values.length; i++) {
    const value = (values[i] ?? 0) - shift
    const group = groups[i] ?? -1
    if (group < 0 || isMissing(value)) continue
    sizes[group] = (sizes[group] ?? 0) + 1
    sums[group] = (sums[group] ?? 0) + value
    rows++
    total += value
    totalSquares += value * value
  }
  const used = sizes.reduce((count, size) => count + (size > 0 ? 1 : 0), 0)
  const between = sums.reduce((sum, part, g) => sum + partOf(part, sizes[g] ?? 0), 0)
  const spread = totalSquares - (total * total) / rows
  if (used < 2 || rows < used + 2 || !(spread > 1e-12 * totalSquares)) return undefined
  return { rows, used, shift, total, totalSquares, between, sizes, sums }
}

function meanOf(values: Float64Array): number {
  let sum = 0
  let count = 0
  for (const value of values) {
    if (isMissing(value)) continue
    sum += value
    count++
  }
  return count === 0 ? 0 : sum / count
}

function partOf(sum: number, size: number): number {
  return size > 0 ? (sum * sum) / size : 0
}

type RatioSums = Pick<Moments, 'rows' | 'used' | 'total' | 'totalSquares' | 'between'>

/** 1 - (within / total) (n - 1) / (n - k): below 0 where groups differ less than by chance. */
function squaredRatio({ rows, used, total, totalSquares, between }: RatioSums): number {
  const spread = totalSquares - (total * total) / rows
  if (!(spread > 0)) return 0
  return 1 - ((totalSquares - between) / spread) * ((rows - 1) / (rows - used))
}

function without(moments: Moments, value: number, group: number): RatioSums {
  const size = moments.sizes[group] ?? 0
  const sum = moments.sums[group] ?? 0
  return {
    rows: moments.rows - 1,
    used: size === 1 ? moments.used - 1 : moments.used,
    total: moments.total - value,
    totalSquares: moments.totalSquares - value * value,
    between: moments.between - partOf(sum, size) + partOf(sum - value, size - 1),
  }
}
