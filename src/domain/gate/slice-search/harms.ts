import { sortOrder } from '../../stats/sort-order.js'
import type { SliceScore } from './score.js'

/**
 * How much worse the candidate does on each example: than the baseline, or, without one, its loss. Positive is worse.
 * Rows come in an order that does not depend on the file's, so that sums do not either, to the last bit.
 */
export interface Harms {
  /** Rows of the examples, in the order of `signs` and `values`. */
  readonly rows: Uint32Array
  readonly against: 'difference' | 'rest'
  /** Of 0/1 scores: 1 where the candidate is worse (or wrong, without a baseline), 2 where it is better, else 0. */
  readonly signs: Uint8Array | undefined
  /** Of other scores: (harm - centre) / unit. Empty where there are signs. */
  readonly values: Float64Array
  readonly centre: number
  readonly unit: number
  /** Where rows have weights or clusters: both, in the order of `values`, with the rows of a cluster together. */
  readonly design?: Design | undefined
}

export interface Design {
  readonly weights: Float64Array
  readonly clusters: Int32Array
}

/** Rows without a finite score in either model are left out. */
export function harmsOf(score: SliceScore): Harms {
  const { candidate, baseline, weights, clusters } = score
  const against = baseline === undefined ? 'rest' : 'difference'
  if (weights !== undefined || clusters !== undefined) return designedHarms(score, against)
  if (isBinary(candidate) && (baseline === undefined || isBinary(baseline))) {
    return { ...noValues, against, rows: identity(candidate.length), signs: signsOf(score) }
  }
  const { rows, values } = sortedHarms(score)
  return { against, rows, signs: undefined, ...standardise(values) }
}

/** Finite harms in ascending order, with their rows. */
function sortedHarms(score: SliceScore): { rows: Uint32Array; values: Float64Array } {
  const harm = harmFunction(score)
  const rows = identity(score.candidate.length).filter((row) => Number.isFinite(harm(row)))
  const harms = Float64Array.from(rows, harm)
  const order = sortOrder(harms)
  return {
    rows: Uint32Array.from(order, (place) => rows[place] ?? 0),
    values: Float64Array.from(order, (place) => harms[place] ?? 0),
  }
}

/** Within a cluster in the order of harm; clusters in the order of their smallest harm. Rows of weight 0 are left out. */
function designedHarms(score: SliceScore, against: Harms['against']): Harms {
  const { weights, clusters } = score
  const sorted = sortedHarms(score)
  const weightAt = (row: number) => weights?.[row] ?? 1
  const rows = gatherClusters(
    sorted.rows.filter((row) => weightAt(row) > 0),
    clusters,
  )
  const harm = harmFunction(score)
  const values = Float64Array.from(rows, harm)
  return {
    against,
    rows,
    signs: undefined,
    ...standardise(values),
    design: {
      weights: Float64Array.from(rows, weightAt),
      clusters: clusters === undefined ? Int32Array.from(rows) : pickCodes(clusters, rows),
    },
  }
}

function pickCodes(codes: Int32Array, rows: Uint32Array): Int32Array {
  return Int32Array.from(rows, (row) => codes[row] ?? 0)
}

/** A stable counting sort by cluster, the clusters numbered as they come. */
function gatherClusters(rows: Uint32Array, clusters: Int32Array | undefined): Uint32Array {
  if (clusters === undefined) return rows
  const numbers = new Map<number, number>()
  for (const row of rows) {
    const cluster = clusters[row] ?? 0
    if (!numbers.has(cluster)) numbers.set(cluster, numbers.size)
  }
  const numberOf = Float64Array.from(rows, (row) => numbers.get(clusters[row] ?? 0) ?? 0)
  return Uint32Array.from(sortOrder(numberOf), (place) => rows[place] ?? 0)
}

const noValues = { values: new Float64Array(), centre: 0, unit: 1 }

function harmFunction({ candidate, baseline, direction }: SliceScore): (row: number) => number {
  const sign = direction === 'higher' ? -1 : 1
  if (baseline === undefined) return (row) => sign * (candidate[row] ?? Number.NaN)
  return (row) => sign * ((candidate[row] ?? Number.NaN) - (baseline[row] ?? Number.NaN))
}

function isBinary(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && values[i] !== 1) return false
  return true
}

function signsOf(score: SliceScore): Uint8Array {
  const harm = harmFunction(score)
  // Without a baseline the harm of a right answer is -1 by accuracy and 0 by a 0/1 loss: wrong is 1 in both.
  const shift = score.baseline === undefined && score.direction === 'higher' ? 1 : 0
  const signs = new Uint8Array(score.candidate.length)
  for (let row = 0; row < signs.length; row++) {
    const value = harm(row) + shift
    signs[row] = value < 0 ? 2 : value
  }
  return signs
}

function identity(n: number): Uint32Array {
  const rows = new Uint32Array(n)
  for (let i = 0; i < n; i++) rows[i] = i
  return rows
}

/** Sums of squares of centred values no larger than one neither overflow nor cancel. */
function standardise(harms: Float64Array): { values: Float64Array; centre: number; unit: number } {
  let centre = 0
  for (const harm of harms) centre += harm / harms.length
  let unit = 0
  for (const harm of harms) unit = Math.max(unit, Math.abs(harm - centre))
  if (!(unit > 0 && Number.isFinite(unit))) unit = 1
  return { values: harms.map((harm) => (harm - centre) / unit), centre, unit }
}
