import { skipEqual } from './merge.js'

/**
 * First-order Wasserstein (earth mover's) distance between two sorted samples: the area between their
 * distribution functions, exact, in the column's own unit. Either sample empty: undefined.
 */
export function wassersteinDistance(a: Float64Array, b: Float64Array): number | undefined {
  return a.length === 0 || b.length === 0 ? undefined : areaBetween(a, b)
}

function areaBetween(a: Float64Array, b: Float64Array): number {
  let i = 0
  let j = 0
  let area = 0
  let previous = Math.min(a[0] ?? 0, b[0] ?? 0)
  while (i < a.length || j < b.length) {
    const fromA = a[i] ?? Number.POSITIVE_INFINITY
    const fromB = b[j] ?? Number.POSITIVE_INFINITY
    const value = fromA < fromB ? fromA : fromB
    area += Math.abs(i / a.length - j / b.length) * (value - previous)
    i = skipEqual(a, i, value)
    j = skipEqual(b, j, value)
    previous = value
  }
  return area
}

/**
 * The Wasserstein distance in standard deviations of the reference (divisor n, as numpy.std). A constant
 * reference has none: there the standard deviation of both samples together is used, so that the answer is 0 for equal
 * constants and finite otherwise. Either sample empty, or a spread that no double can hold: undefined.
 */
export function normalisedWasserstein(
  reference: Float64Array,
  current: Float64Array,
): number | undefined {
  const distance = wassersteinDistance(reference, current)
  if (distance === undefined || distance === 0) return distance
  const spread = isConstant(reference)
    ? pooledDeviation(reference, current)
    : deviationOf(reference)
  // Divided by infinity the farthest move would be none.
  return Number.isFinite(spread) ? distance / spread : undefined
}

function isConstant(sorted: Float64Array): boolean {
  return sorted[0] === sorted[sorted.length - 1]
}

/** Population standard deviation, in two passes against cancellation. */
export function deviationOf(values: Float64Array): number {
  return Math.sqrt(squaresAround(values, meanOf(values)) / values.length)
}

function pooledDeviation(a: Float64Array, b: Float64Array): number {
  const count = a.length + b.length
  const mean = (meanOf(a) * a.length + meanOf(b) * b.length) / count
  return Math.sqrt((squaresAround(a, mean) + squaresAround(b, mean)) / count)
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

function squaresAround(values: Float64Array, centre: number): number {
  let sum = 0
  for (const value of values) sum += (value - centre) ** 2
  return sum
}
