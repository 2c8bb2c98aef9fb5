import type { RandomSource } from './random.js'

export interface SignFlipResult {
  /** Two-sided. */
  readonly pValue: number
  /** Whether every pattern of signs was looked at. */
  readonly exact: boolean
}

const EXACT_UP_TO = 15
const DEFAULT_DRAWS = 20000
const BLOCK = 8

/** Sums that differ by rounding only count as equal. */
function tolerance(magnitudes: Float64Array): number {
  let sum = 0
  for (const magnitude of magnitudes) sum += magnitude
  return 1e-12 * sum
}

/** The sums of some magnitudes under every pattern of their signs, indexed by the pattern's bits. */
function signedSums(magnitudes: Float64Array): Float64Array {
  const sums = new Float64Array(1 << magnitudes.length)
  for (const magnitude of magnitudes) sums[0] = (sums[0] ?? 0) - magnitude
  magnitudes.forEach((magnitude, bit) => {
    const half = 1 << bit
    for (let pattern = 0; pattern < half; pattern++) {
      sums[half + pattern] = (sums[pattern] ?? 0) + 2 * magnitude
    }
  })
  return sums
}

function countExtreme(sums: Float64Array, bound: number): number {
  let count = 0
  for (const sum of sums) if (Math.abs(sum) >= bound) count++
  return count
}

/** Adds, for each draw, eight randomly signed magnitudes at a time out of a table. */
function randomSums(magnitudes: Float64Array, random: RandomSource, draws: number): Float64Array {
  const sums = new Float64Array(draws)
  for (let start = 0; start < magnitudes.length; start += BLOCK) {
    const table = signedSums(magnitudes.subarray(start, start + BLOCK))
    for (let draw = 0; draw < draws; draw++) {
      sums[draw] = (sums[draw] ?? 0) + (table[random.below(table.length)] ?? 0)
    }
  }
  return sums
}

/**
 * Sign-flip (Fisher's randomisation) test that paired differences are symmetric about 0, two-sided, on their sum.
 * Exact for up to 15 differences that are not 0 (2^15 patterns); else from random patterns, with
 * p = (1 + #) / (1 + draws), which is never 0 (Phipson & Smyth 2010). No difference other than 0 -> p 1. Takes
 * n * draws / 8 steps. Differences must be finite.
 */
export function signFlipTest(
  differences: Float64Array,
  random: RandomSource,
  draws: number = DEFAULT_DRAWS,
): SignFlipResult {
  let observed = 0
  for (const difference of differences) observed += difference
  const magnitudes = differences.filter((difference) => difference !== 0).map(Math.abs)
  if (magnitudes.length === 0) return { pValue: 1, exact: true }
  const bound = Math.abs(observed) - tolerance(magnitudes)
  if (magnitudes.length <= EXACT_UP_TO) {
    const sums = signedSums(magnitudes)
    return { pValue: countExtreme(sums, bound) / sums.length, exact: true }
  }
  const extreme = countExtreme(randomSums(magnitudes, random, draws), bound)
  return { pValue: (1 + extreme) / (1 + draws), exact: false }
}
