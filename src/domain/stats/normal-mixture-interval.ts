import type { DifferenceInterval } from './stratified-normal-mixture.js'

export interface NormalMixtureOptions {
  readonly alpha: number
  /** The size at which the bounds are to be sharpest; any other is as valid. */
  readonly sharpestAt: number
  /** Standard deviation, where it is known (or a bound: sub-Gaussian); otherwise that of the values. */
  readonly deviation?: number | undefined
}

/**
 * Confidence sequence for a mean by the two-sided normal mixture (Robbins 1970; Howard et al. 2021, arXiv:1810.08240): mean +-
 * sqrt((V + rho)(log(1 + V/rho) + 2 log(1/alpha))) / n with V = n deviation^2. Exact for sub-Gaussian values of a known deviation;
 * with an estimated one it holds for large samples (Waudby-Smith et al. 2024, arXiv:2103.06476). Fewer than two values
 * (or none, where the deviation is known) -> undefined.
 */
export function normalMixtureInterval(
  values: ArrayLike<number>,
  { alpha, sharpestAt, deviation }: NormalMixtureOptions,
): DifferenceInterval | undefined {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must lie inside (0, 1): ${alpha}`)
  if (!(sharpestAt >= 1)) throw new RangeError(`sharpestAt must be 1 or more: ${sharpestAt}`)
  const n = values.length
  if (n < (deviation === undefined ? 2 : 1)) return undefined
  const { mean, variance } = momentsOf(values)
  const spread = deviation === undefined ? variance : deviation * deviation
  const loss = 2 * Math.log(1 / alpha)
  const rho = (sharpestAt * spread) / (loss + Math.log(1 + loss))
  const total = n * spread
  const radius = spread === 0 ? 0 : Math.sqrt((total + rho) * (Math.log1p(total / rho) + loss)) / n
  return { estimate: mean, low: mean - radius, high: mean + radius }
}

function momentsOf(values: ArrayLike<number>) {
  let mean = 0
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const delta = (values[i] ?? Number.NaN) - mean
    mean += delta / (i + 1)
    squares += delta * ((values[i] ?? Number.NaN) - mean)
  }
  return { mean, variance: squares / Math.max(1, values.length - 1) }
}
