import type { RandomSource } from './random.js'
import { sortFinite } from './sort.js'

/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost of a loop. */
const { exp, sqrt } = Math

export interface MmdInput {
  /** Points row after row, those of the first sample before those of the other. All finite. */
  readonly values: Float64Array
  readonly columns: number
  /** How many points are the first sample's. */
  readonly first: number
  readonly permutations: number
  readonly random: RandomSource
}

export interface MmdResult {
  /** The unbiased squared maximum mean discrepancy: 0 on average where the samples are alike, and then often below. */
  readonly statistic: number
  /** One-sided; never below 1 / (permutations + 1). */
  readonly pValue: number
  /** The median distance between two points. */
  readonly bandwidth: number
  /** What the statistic was in each permutation, ascending. */
  readonly permuted: Float64Array
}

/**
 * Maximum mean discrepancy of two samples of points with the kernel exp(-d^2 / (2 median^2)), unbiased, tested by permuting the
 * points (Gretton et al. 2012, JMLR 13:723-773; p = (1 + exceeding) / (1 + permutations): Phipson & Smyth 2010). Takes time and
 * memory that grow with the square of the number of points. Fewer than two points in a sample, or all points equal -> undefined.
 */
export function mmdTest(input: MmdInput): MmdResult | undefined {
  const { values, columns, first, permutations, random } = input
  const points = columns === 0 ? 0 : Math.floor(values.length / columns)
  if (first < 2 || points - first < 2) return undefined
  const squares = squaredDistances(values, columns, points)
  const bandwidth = sqrt(medianOf(squares))
  if (!(bandwidth > 0)) return undefined
  const kernel = kernelOf(squares, points, bandwidth)
  const sums = rowSums(kernel, points)
  const matrix: Kernel = { kernel, points, sums, total: sums.reduce((sum, own) => sum + own, 0) }
  const order = Uint32Array.from({ length: points }, (_, i) => i)
  const chosen = order.slice(0, first)
  const statistic = discrepancy(matrix, chosen)
  const permuted = new Float64Array(permutations)
  let exceeding = 0
  for (let b = 0; b < permutations; b++) {
    draw(order, first, random)
    chosen.set(order.subarray(0, first))
    chosen.sort()
    const value = discrepancy(matrix, chosen)
    permuted[b] = value
    // Two sums of the same numbers in another order are the same.
    if (value >= statistic - 1e-12) exceeding++
  }
  return {
    statistic,
    pValue: (1 + exceeding) / (1 + permutations),
    bandwidth,
    permuted: permuted.sort(),
  }
}

/** Of each pair i < j, row after row. */
function squaredDistances(values: Float64Array, columns: number, points: number): Float64Array {
  const squares = new Float64Array((points * (points - 1)) / 2)
  let at = 0
  for (let i = 0; i < points; i++) {
    const one = values.subarray(i * columns, (i + 1) * columns)
    for (let j = i + 1; j < points; j++) {
      const start = j * columns
      let sum = 0
      for (let k = 0; k < columns; k++) {
        const difference = (one[k] ?? 0) - (values[start + k] ?? 0)
        sum += difference * difference
      }
      squares[at++] = sum
    }
  }
  return squares
}

/** Median of squares whose root is the median distance: the mean of the two middle roots, squared, for an even number. */
function medianOf(squares: Float64Array): number {
  const { sorted } = sortFinite(squares)
  const low = sqrt(sorted[(sorted.length - 1) >> 1] ?? 0)
  const high = sqrt(sorted[sorted.length >> 1] ?? 0)
  return ((low + high) / 2) ** 2
}

/** The whole matrix, with 0 on its diagonal: a point's likeness to itself is no part of the unbiased statistic. */
function kernelOf(squares: Float64Array, points: number, bandwidth: number): Float32Array {
  const kernel = new Float32Array(points * points)
  const scale = -1 / (2 * bandwidth * bandwidth)
  let at = 0
  for (let i = 0; i < points; i++) {
    for (let j = i + 1; j < points; j++) {
      const value = exp((squares[at++] ?? 0) * scale)
      kernel[i * points + j] = value
      kernel[j * points + i] = value
    }
  }
  return kernel
}

function rowSums(kernel: Float32Array, points: number): Float64Array {
  const sums = new Float64Array(points)
  for (let i = 0; i < points; i++) {
    let sum = 0
    for (let j = 0; j < points; j++) sum += kernel[i * points + j] ?? 0
    sums[i] = sum
  }
  return sums
}

interface Kernel {
  readonly kernel: Float32Array
  readonly points: number
  readonly sums: Float64Array
  /** Of the whole matrix. */
  readonly total: number
}

/** The statistic with those points, in ascending order, as the first sample: only their own pairs need be added up. */
function discrepancy({ kernel, points, sums, total }: Kernel, chosen: Uint32Array): number {
  let within = 0
  let chosenSums = 0
  for (let i = 0; i < chosen.length; i++) {
    const row = (chosen[i] ?? 0) * points
    chosenSums += sums[chosen[i] ?? 0] ?? 0
    let sum = 0
    for (let j = i + 1; j < chosen.length; j++) sum += kernel[row + (chosen[j] ?? 0)] ?? 0
    within += sum
  }
  const n = chosen.length
  const m = points - n
  const between = chosenSums - 2 * within
  const others = total - 2 * within - 2 * between
  return (2 * within) / (n * (n - 1)) + others / (m * (m - 1)) - (2 * between) / (n * m)
}

/** The first `count` places get a random draw of all. */
function draw(order: Uint32Array, count: number, random: RandomSource): void {
  for (let i = 0; i < count; i++) {
    const other = i + random.below(order.length - i)
    const kept = order[i] ?? 0
    order[i] = order[other] ?? 0
    order[other] = kept
  }
}
