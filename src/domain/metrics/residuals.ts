import type { MetricData } from './data.js'

/** A loss of prediction minus label for each row. */
export function lossOfResidual(data: MetricData, loss: (residual: number) => number): Float64Array {
  const losses = new Float64Array(data.n)
  for (let i = 0; i < data.n; i++) {
    losses[i] = loss((data.predictions?.[i] ?? 0) - (data.labels[i] ?? 0))
  }
  return losses
}

/** The square of a number. */
export function square(value: number): number {
  return value * value
}
