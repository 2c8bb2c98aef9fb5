import { frameOf, spreadOf } from '../spread.js'

/** Count, mean, spread and ends of the finite values of a column, which parts of it can be added to. */
export interface Moments {
  readonly count: number
  readonly mean: number
  /** Sum of the squared differences from the mean. */
  readonly squares: number
  readonly min: number
  readonly max: number
}

export const NO_MOMENTS: Moments = {
  count: 0,
  mean: 0,
  squares: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
}

/** Of ascending finite values, around one of them against cancellation. */
export function momentsOf(sorted: Float64Array): Moments {
  const count = sorted.length
  if (count === 0) return NO_MOMENTS
  const frame = frameOf(sorted)
  const spread = spreadOf(sorted, frame)
  const ends = { min: sorted[0] ?? 0, max: sorted[count - 1] ?? 0 }
  const mean = frame.origin + spread.mean / frame.scale
  return { count, mean, squares: spread.squares / frame.scale / frame.scale, ...ends }
}

/** Of both together (Chan, Golub & LeVeque 1983, The American Statistician 37:242-247). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const count = a.count + b.count
  const step = b.mean - a.mean
  return {
    count,
    mean: a.mean + (step * b.count) / count,
    squares: a.squares + b.squares + step * step * ((a.count * b.count) / count),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  }
}

/** The standard deviation, divisor n; no values: NaN. */
export function deviationOfMoments({ count, squares }: Moments): number {
  return Math.sqrt(squares / count)
}
