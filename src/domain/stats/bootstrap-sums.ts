import { multinomialDraw } from './bootstrap-cells.js'
import type { RandomSource } from './random.js'

/** Units (rows, clusters) of which a statistic needs no more than the sums of their terms in each cell. */
export interface SumUnits {
  /** The cell of each unit, from 0 on. */
  readonly cells: Int32Array
  readonly cellCount: number
  /** One array a term, one entry a unit. */
  readonly terms: readonly Float64Array[]
}

/** The sums of the terms over all units: cell after cell. */
export function sumUnits({ cells, cellCount, terms }: SumUnits): Float64Array {
  const sums = new Float64Array(cellCount * terms.length)
  terms.forEach((term, t) => {
    for (let unit = 0; unit < cells.length; unit++) {
      const place = (cells[unit] ?? 0) * terms.length + t
      sums[place] = (sums[place] ?? 0) + (term[unit] ?? 0)
    }
  })
  return sums
}

/** The root of the summed squares of the terms: what sampling moves their sums by. */
function spreadOfUnits({ cells, cellCount, terms }: SumUnits): Float64Array {
  const squares = new Float64Array(cellCount * terms.length)
  terms.forEach((term, t) => {
    for (let unit = 0; unit < cells.length; unit++) {
      const place = (cells[unit] ?? 0) * terms.length + t
      const value = term[unit] ?? 0
      squares[place] = (squares[place] ?? 0) + value * value
    }
  })
  return squares.map(Math.sqrt)
}

/** A step of this share of a sum's own spread: small against sampling noise, large against rounding. */
const STEP = 1e-3

/**
 * The influence of each unit on a statistic of the sums, up to a common factor, by central differences; its mean is 0 for
 * a statistic that does not change when every unit is doubled.
 */
export function sumInfluences(
  units: SumUnits,
  statistic: (sums: Float64Array) => number,
): Float64Array {
  const { cells, terms } = units
  const sums = sumUnits(units)
  const spread = spreadOfUnits(units)
  const slopes = sums.map((sum, place) => {
    const step = STEP * (spread[place] ?? 0)
    if (!(step > 0)) return 0
    sums[place] = sum + step
    const above = statistic(sums)
    sums[place] = sum - step
    const below = statistic(sums)
    sums[place] = sum
    const slope = (above - below) / (2 * step)
    return Number.isFinite(slope) ? slope : 0
  })
  const influence = new Float64Array(cells.length)
  terms.forEach((term, t) => {
    for (let unit = 0; unit < cells.length; unit++) {
      const slope = slopes[(cells[unit] ?? 0) * terms.length + t] ?? 0
      influence[unit] = (influence[unit] ?? 0) + slope * (term[unit] ?? 0)
    }
  })
  return influence
}

/** Units of one cell with nearly the same influence. */
export interface SubCells {
  readonly terms: number
  /** The cell that each sub-cell belongs to. */
  readonly cell: Int32Array
  readonly counts: readonly number[]
  /** Mean terms of its units, sub-cell after sub-cell. */
  readonly means: Float64Array
  /** For each cell the Cholesky factor of what the means leave out: its terms' covariance inside sub-cells, summed over units. */
  readonly noise: readonly (Float64Array | undefined)[]
}

/** Finer where there are fewer cells: about so many sub-cells a cell and unit of the scale, all cells together. */
const FINENESS = 128
const FINEST = 48
const COARSEST = 2
/** Influences beyond so many standard deviations share a sub-cell. */
const FARTHEST = Math.asinh(1e5)
/** No round number, so that no common value of an influence lies on an edge. */
const OFFSET = 0.3719

/**
 * Puts units with the same cell and nearly the same influence together: some hundred sub-cells instead of millions of units. The
 * scale of the influences is that of asinh, equal steps near 0 and equal ratios far out, so that the extremes, and with
 * them the skewness, stay apart.
 */
export function subCells(units: SumUnits, influence: Float64Array): SubCells {
  const { cells, cellCount, terms } = units
  const { keys, buckets } = bucketKeys(units, influence)
  const size = new Float64Array(cellCount * buckets)
  for (const key of keys) size[key] = (size[key] ?? 0) + 1
  const used: number[] = []
  const place = new Int32Array(size.length)
  size.forEach((count, key) => {
    if (count === 0) return
    place[key] = used.length
    used.push(key)
  })
  const counts = used.map((key) => size[key] ?? 0)
  const cell = Int32Array.from(used, (key) => Math.floor(key / buckets))
  for (let unit = 0; unit < keys.length; unit++) keys[unit] = place[keys[unit] ?? 0] ?? 0
  const means = sumUnits({ cells: keys, cellCount: used.length, terms })
  counts.forEach((count, sub) => {
    for (let t = 0; t < terms.length; t++) {
      means[sub * terms.length + t] = (means[sub * terms.length + t] ?? 0) / count
    }
  })
  const within = covariances({ cells, subs: keys, means, cellCount, terms })
  return { terms: terms.length, cell, counts, means, noise: within.map(choleskyFactor) }
}

/** Each unit's cell and bucket of influence as one number. */
function bucketKeys({ cells, cellCount }: SumUnits, influence: Float64Array) {
  const fineness = Math.max(COARSEST, Math.min(FINEST, Math.round(FINENESS / cellCount)))
  const half = Math.ceil(FARTHEST * fineness)
  const buckets = 2 * half + 2
  const { mean, deviation } = momentsOf(influence)
  const keys = new Int32Array(cells.length)
  for (let unit = 0; unit < cells.length; unit++) {
    const far = deviation > 0 ? ((influence[unit] ?? 0) - mean) / deviation : 0
    const bucket = Math.floor(Math.asinh(far) * fineness + OFFSET) + half
    keys[unit] = (cells[unit] ?? 0) * buckets + Math.max(0, Math.min(buckets - 1, bucket))
  }
  return { keys, buckets }
}

function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return { mean, deviation: Math.sqrt(squares / values.length) }
}

interface Within {
  readonly cells: Int32Array
  readonly subs: Int32Array
  readonly means: Float64Array
  readonly cellCount: number
  readonly terms: readonly Float64Array[]
}

/** For each cell the summed products of its units' deviations from the means of their sub-cells. */
function covariances({ cells, subs, means, cellCount, terms }: Within): Float64Array[] {
  const d = terms.length
  const found = Array.from({ length: cellCount }, () => new Float64Array(d * d))
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const one = terms[i] ?? new Float64Array()
      const other = terms[j] ?? one
      const sums = new Float64Array(cellCount)
      for (let unit = 0; unit < cells.length; unit++) {
        const start = (subs[unit] ?? 0) * d
        const product =
          ((one[unit] ?? 0) - (means[start + i] ?? 0)) *
          ((other[unit] ?? 0) - (means[start + j] ?? 0))
        const cell = cells[unit] ?? 0
        sums[cell] = (sums[cell] ?? 0) + product
      }
      sums.forEach((sum, cell) => {
        const matrix = found[cell]
        if (matrix !== undefined) matrix[i * d + j] = sum
      })
    }
  }
  return found
}

/** A pivot below this share of the variance is rounding. */
const SINGULAR = 1e-9

/** The lower factor of a semi-definite matrix (its lower half is read); undefined for one of zeros. */
function choleskyFactor(matrix: Float64Array): Float64Array | undefined {
  const d = Math.sqrt(matrix.length)
  const factor = new Float64Array(matrix.length)
  // What earlier columns leave of an entry.
  const rest = (i: number, j: number): number => {
    let sum = matrix[i * d + j] ?? 0
    for (let k = 0; k < j; k++) sum -= (factor[i * d + k] ?? 0) * (factor[j * d + k] ?? 0)
    return sum
  }
  let any = false
  for (let j = 0; j < d; j++) {
    const pivot = rest(j, j)
    if (!(pivot > SINGULAR * (matrix[j * d + j] ?? 0))) continue
    any = true
    for (let i = j; i < d; i++) factor[i * d + j] = rest(i, j) / Math.sqrt(pivot)
  }
  return any ? factor : undefined
}

/** Standard normal numbers by Marsaglia's polar method (1964). */
function normals(random: RandomSource): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    for (;;) {
      const x = 2 * random.next() - 1
      const y = 2 * random.next() - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const scale = Math.sqrt((-2 * Math.log(square)) / square)
      spare = y * scale
      return x * scale
    }
  }
}

/**
 * A function that draws the sums of one bootstrap resample into `sums`. How many units of each sub-cell are in it is multinomial,
 * as it is for the units themselves; given that, the sums are their means and a normal deviation with the covariance inside
 * the sub-cells, which the many units of a sub-cell justify. Costs the number of sub-cells, not of units.
 */
export function sumDraw(subs: SubCells, random: RandomSource, sums: Float64Array): () => void {
  const { terms, cell, counts, means, noise } = subs
  const drawn = new Float64Array(counts.length)
  const next = multinomialDraw({ counts, random }, drawn)
  const normal = normals(random)
  const deviate = Float64Array.from({ length: terms })
  const addNoise = (factor: Float64Array, start: number) => {
    for (let t = 0; t < terms; t++) deviate[t] = normal()
    for (let i = 0; i < terms; i++) {
      let sum = sums[start + i] ?? 0
      for (let j = 0; j <= i; j++) sum += (factor[i * terms + j] ?? 0) * (deviate[j] ?? 0)
      sums[start + i] = sum
    }
  }
  return () => {
    next()
    sums.fill(0)
    for (let sub = 0; sub < drawn.length; sub++) {
      const count = drawn[sub] ?? 0
      const start = (cell[sub] ?? 0) * terms
      for (let t = 0; t < terms; t++) {
        sums[start + t] = (sums[start + t] ?? 0) + count * (means[sub * terms + t] ?? 0)
      }
    }
    for (let one = 0; one < noise.length; one++) {
      const factor = noise[one]
      if (factor !== undefined) addNoise(factor, one * terms)
    }
  }
}
