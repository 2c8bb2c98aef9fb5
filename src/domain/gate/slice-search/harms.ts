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
}

/** Rows without a finite score in either model are left out. */
export function harmsOf(score: SliceScore): Harms {
  const { candidate, baseline } = score
  const against = baseline === undefined ? 'rest' : 'difference'
  if (isBinary(candidate) && (baseline === undefined || isBinary(baseline))) {
    return { ...noValues, against, rows: identity(candidate.length), signs: signsOf(score) }
  }
  const harm = harmFunction(score)
  const rows = identity(candidate.length).filter((row) => Number.isFinite(harm(row)))
  const harms = Float64Array.from(rows, harm)
  const order = sortOrder(harms)
  const ordered = Float64Array.from(order, (place) => harms[place] ?? 0)
  return {
    against,
    rows: Uint32Array.from(order, (place) => rows[place] ?? 0),
    signs: undefined,
    ...standardise(ordered),
  }
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
