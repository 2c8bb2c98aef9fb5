import { drawRows } from '../../stats/draw-rows.js'
import type { RandomSource } from '../../stats/random.js'
import { normalQuantile } from '../../stats/special/normal.js'
import type { Vectors } from './sample.js'

/** Directions are found from at most so many rows. */
const MOST_ROWS = 1000

/** `directions` vectors of `dimension` components each, one after the other. */
interface Directions {
  readonly count: number
  readonly dimension: number
  readonly values: Float64Array
}

/**
 * The vectors' components along about the first `count` principal directions: a randomised range finder with one power iteration
 * (Halko, Martinsson & Tropp 2011, SIAM Review 53:217-288) on at most 1000 of the rows, whose columns should have mean 0. Which sample
 * a row is of plays no part.
 */
export function principalComponents(
  vectors: Vectors,
  count: number,
  random: RandomSource,
): Vectors {
  const { dimension } = vectors
  const some = pickRows(vectors, random)
  const size = Math.min(count, some.rows, dimension)
  let found = randomDirections(size, dimension, random)
  for (let pass = 0; pass < 2; pass++) {
    found = orthonormalised(timesTransposed(some, along(some, found)))
  }
  return { rows: vectors.rows, dimension: found.count, values: along(vectors, found) }
}

function pickRows(vectors: Vectors, random: RandomSource): Vectors {
  const { rows, dimension } = vectors
  if (rows <= MOST_ROWS) return vectors
  const chosen = drawRows(rows, MOST_ROWS, random)
  const values = new Float64Array(chosen.length * dimension)
  chosen.forEach((row, i) => {
    values.set(vectors.values.subarray(row * dimension, (row + 1) * dimension), i * dimension)
  })
  return { rows: chosen.length, dimension, values }
}

function randomDirections(count: number, dimension: number, random: RandomSource): Directions {
  const values = Float64Array.from({ length: count * dimension }, () =>
    normalQuantile((random.below(2 ** 30) + 0.5) / 2 ** 30),
  )
  return { count, dimension, values }
}

/** Each row's products with the directions: row i's with direction j at `i * count + j`. Four at a time, so that a row is read once for four. */
function along({ rows, dimension, values }: Vectors, directions: Directions): Float64Array {
  const { count } = directions
  const products = new Float64Array(rows * count)
  const padded = new Float64Array(4 * Math.ceil(count / 4) * dimension)
  padded.set(directions.values)
  for (let j = 0; j < count; j += 4) {
    const quad = padded.subarray(j * dimension, (j + 4) * dimension)
    for (let i = 0; i < rows; i++) {
      const row = values.subarray(i * dimension, (i + 1) * dimension)
      const four = fourProducts(row, quad)
      for (let k = 0; k < 4 && j + k < count; k++) products[i * count + j + k] = four[k] ?? 0
    }
  }
  return products
}

const FOUR = new Float64Array(4)

/** The products of a row with four directions, in a list that the next call overwrites. */
function fourProducts(row: Float64Array, quad: Float64Array): Float64Array {
  const n = row.length
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let k = 0; k < n; k++) {
    const value = row[k] ?? 0
    a += value * (quad[k] ?? 0)
    b += value * (quad[k + n] ?? 0)
    c += value * (quad[k + 2 * n] ?? 0)
    d += value * (quad[k + 3 * n] ?? 0)
  }
  FOUR[0] = a
  FOUR[1] = b
  FOUR[2] = c
  FOUR[3] = d
  return FOUR
}

/** For each direction the sum over rows of the row times its product with the direction. */
function timesTransposed({ rows, dimension, values }: Vectors, products: Float64Array): Directions {
  const count = products.length / rows
  const sums = new Float64Array(count * dimension)
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * dimension, (i + 1) * dimension)
    for (let j = 0; j < count; j++) {
      addScaled(
        sums.subarray(j * dimension, (j + 1) * dimension),
        row,
        products[i * count + j] ?? 0,
      )
    }
  }
  return { count, dimension, values: sums }
}

function addScaled(into: Float64Array, vector: Float64Array, factor: number): void {
  for (let k = 0; k < into.length; k++) into[k] = (into[k] ?? 0) + factor * (vector[k] ?? 0)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += (a[k] ?? 0) * (b[k] ?? 0)
  return sum
}

/** Gram and Schmidt's, each direction twice against rounding; what depends on those before is left out. */
function orthonormalised({ count, dimension, values }: Directions): Directions {
  const kept: Float64Array[] = []
  for (let j = 0; j < count; j++) {
    const direction = values.slice(j * dimension, (j + 1) * dimension)
    const before = Math.sqrt(dot(direction, direction))
    for (let time = 0; time < 2; time++) {
      for (const other of kept) addScaled(direction, other, -dot(direction, other))
    }
    const length = Math.sqrt(dot(direction, direction))
    if (!(length > 1e-10 * before)) continue
    kept.push(direction.map((value) => value / length))
  }
  const joined = new Float64Array(kept.length * dimension)
  kept.forEach((direction, j) => {
    joined.set(direction, j * dimension)
  })
  return { count: kept.length, dimension, values: joined }
}
