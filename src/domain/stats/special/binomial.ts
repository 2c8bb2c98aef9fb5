import { incompleteBetaOf } from './beta.js'
import { deviance, stirlingError } from './deviance.js'

function isLaw(n: number, p: number): boolean {
  return Number.isInteger(n) && n >= 0 && p >= 0 && p <= 1
}

/**
 * P(X = k) for X ~ Bin(n, p) by Loader's saddle-point form (2000), accurate in relative terms for large n too.
 * k outside 0..n or not whole -> 0; invalid n or p -> NaN.
 */
export function binomialPmf(k: number, n: number, p: number): number {
  if (!isLaw(n, p)) return Number.NaN
  if (!Number.isInteger(k) || k < 0 || k > n) return 0
  if (p === 0) return k === 0 ? 1 : 0
  if (p === 1) return k === n ? 1 : 0
  if (k === 0) return Math.exp(n * Math.log1p(-p))
  if (k === n) return Math.exp(n * Math.log(p))
  const rest = n - k
  // n! = n Gamma(n), so the error of log n! against (n + 1/2) log n - n + log(2 pi)/2 is that of log Gamma(n).
  const exponent =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(rest) -
    deviance(k, n * p) -
    deviance(rest, n * (1 - p))
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * rest))
}

/**
 * P(X <= k) for X ~ Bin(n, p) through the incomplete beta function. k < 0 -> 0, k >= n -> 1; invalid n or p -> NaN.
 */
export function binomialCdf(k: number, n: number, p: number): number {
  if (!isLaw(n, p) || Number.isNaN(k)) return Number.NaN
  const whole = Math.floor(k)
  if (whole < 0) return 0
  if (whole >= n) return 1
  return incompleteBetaOf({ x: 1 - p, y: p, a: n - whole, b: whole + 1 })
}
