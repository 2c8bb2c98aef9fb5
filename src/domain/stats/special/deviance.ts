import { logGamma, stirlingCorrection } from './log-gamma.js'

const HALF_LOG_TWO_PI = 0.9189385332046728

/**
 * x log(x / m) + m - x without the cancellation at x near m (Loader 2000, "Fast and accurate computation of binomial
 * probabilities", his bd0). 0 at x = m; m for x = 0.
 */
export function deviance(x: number, m: number): number {
  if (x === 0) return m
  const difference = x - m
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x
  const v = difference / (x + m)
  let sum = difference * v
  let term = 2 * x * v
  const square = v * v
  for (let j = 1; j < 1000; j++) {
    term *= square
    const next = sum + term / (2 * j + 1)
    if (next === sum) return next
    sum = next
  }
  return sum
}

/** log Gamma(x) minus its leading Stirling terms, for any x > 0. */
export function stirlingError(x: number): number {
  if (x >= 10) return stirlingCorrection(x)
  return logGamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI)
}
