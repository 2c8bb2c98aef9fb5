import type { Vectors } from './sample.js'

/** Means and standard deviations (divisor n) of components. */
export interface Moments {
  readonly means: Float64Array
  readonly deviations: Float64Array
}

/** In two passes against cancellation. No rows: zeros. */
export function momentsOf({ rows, dimension, values }: Vectors): Moments {
  const means = new Float64Array(dimension)
  const squares = new Float64Array(dimension)
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < dimension; j++, k++) means[j] = (means[j] ?? 0) + (values[k] ?? 0) / rows
  }
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < dimension; j++, k++) {
      const gap = (values[k] ?? 0) - (means[j] ?? 0)
      squares[j] = (squares[j] ?? 0) + gap * gap
    }
  }
  return { means, deviations: squares.map((sum) => Math.sqrt(sum / Math.max(1, rows))) }
}

/** Each component less its mean, in standard deviations; 0 for a component that does not vary. */
export function standardised(vectors: Vectors, { means, deviations }: Moments): Vectors {
  const { rows, dimension } = vectors
  const values = new Float64Array(rows * dimension)
  const scales = deviations.map((deviation, j) => scaleOf(deviation, means[j] ?? 0))
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < dimension; j++, k++) {
      values[k] = ((vectors.values[k] ?? 0) - (means[j] ?? 0)) * (scales[j] ?? 0)
    }
  }
  return { rows, dimension, values }
}

/** What is nothing but rounding is no deviation. */
function scaleOf(deviation: number, mean: number): number {
  return deviation > 8 * Number.EPSILON * Math.abs(mean) ? 1 / deviation : 0
}
