import type { MetricData } from './data.js'

/** Prediction minus label for each row. */
export function residualsOf({ n, labels, predictions = labels }: MetricData): Float64Array {
  const residuals = new Float64Array(n)
  for (let i = 0; i < n; i++) residuals[i] = (predictions[i] ?? 0) - (labels[i] ?? 0)
  return residuals
}

/**
 * A power of two near the largest absolute number: dividing by it is exact and keeps squares from overflowing and from
 * vanishing. 1 where all are 0 or one is infinite.
 */
export function scaleOf(values: Float64Array): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] ?? 0)
    if (size > largest) largest = size
  }
  if (largest === 0 || !Number.isFinite(largest)) return 1
  return 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
}

/** The squares of numbers over a scale. */
export function scaledSquares(values: Float64Array, scale: number): Float64Array {
  const squares = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const share = (values[i] ?? 0) / scale
    squares[i] = share * share
  }
  return squares
}
