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
  /** The ranks with 0 where missing, and 1 where a row is there, 0 where not; undefined where none is missing. */
  readonly holes: { readonly filled: Float64Array; readonly mask: Float64Array } | undefined
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
  if (!isMissing(squares)) return { ranks, norm: Math.sqrt(squares), holes: undefined }
  const filled = ranks.map((rank) => (isMissing(rank) ? 0 : rank))
  const mask = ranks.map((rank) => (isMissing(rank) ? 0 : 1))
  return { ranks, norm: undefined, holes: { filled, mask } }
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
      ? rhoOfComplete(one, other)
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
  return product(one.ranks, other.ranks) / norms
}

/** Four sums at a time: each addition need not wait for the one before. */
function product(one: Float64Array, other: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = one.length - (one.length % 4)
  for (let i = 0; i < whole; i += 4) {
    a += (one[i] ?? 0) * (other[i] ?? 0)
    b += (one[i + 1] ?? 0) * (other[i + 1] ?? 0)
    c += (one[i + 2] ?? 0) * (other[i + 2] ?? 0)
    d += (one[i + 3] ?? 0) * (other[i + 3] ?? 0)
  }
  for (let i = whole; i < one.length; i++) a += (one[i] ?? 0) * (other[i] ?? 0)
  return a + b + (c + d)
}

/** Of the rows where neither is missing: by products with 0 and 1, which are faster than asking. */
function rhoOfComplete(one: RankedColumn, other: RankedColumn): { rho: number; rows: number } {
  const { ranks } = one
  const xs = one.holes?.filled ?? ranks
  const ys = other.holes?.filled ?? other.ranks
  // A column without holes may borrow the other's: what is missing there is 0 anyway.
  const there = one.holes?.mask ?? other.holes?.mask ?? ranks
  const others = other.holes?.mask ?? there
  let [rows, sumX, sumY, sumXx, sumYy, sumXy] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] ?? 0
    const y = ys[i] ?? 0
    const m = there[i] ?? 0
    const k = others[i] ?? 0
    rows += m * k
    sumX += x * k
    sumY += y * m
    sumXx += x * x * k
    sumYy += y * y * m
    sumXy += x * y
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
