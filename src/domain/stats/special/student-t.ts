import { incompleteBetaOf } from './beta.js'
import { logGamma } from './log-gamma.js'
import { normalCdf, normalQuantile } from './normal.js'

/** P(T > t) for t >= 0. */
function upperTail(t: number, df: number): number {
  const ratio = (t / df) * t
  if (ratio === Number.POSITIVE_INFINITY) return 0
  const x = 1 / (1 + ratio)
  const y = ratio / (1 + ratio)
  return 0.5 * incompleteBetaOf({ x, y, a: df / 2, b: 0.5 })
}

/**
 * P(T <= t) of Student's law with `df` > 0 degrees of freedom (not necessarily whole; Infinity is the normal law),
 * accurate in relative terms in the lower tail. df <= 0 -> NaN.
 */
export function studentTCdf(t: number, df: number): number {
  if (Number.isNaN(t) || !(df > 0)) return Number.NaN
  if (df === Number.POSITIVE_INFINITY) return normalCdf(t)
  return t <= 0 ? upperTail(-t, df) : 1 - upperTail(t, df)
}

/** log of the density, for Newton's step. */
function logDensity(t: number, df: number): number {
  const constant = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  return constant - ((df + 1) / 2) * Math.log1p((t / df) * t)
}

/** Doubles an upper bound until its tail is below p. */
function bracket(p: number, df: number): { low: number; high: number } {
  let low = 0
  let high = Math.max(1, -normalQuantile(p))
  while (upperTail(high, df) > p && high < Number.MAX_VALUE / 4) {
    low = high
    high *= 2
  }
  return { low, high }
}

/** The t >= 0 with P(T > t) = p <= 1/2: Newton's method on log P, kept inside a bracket by bisection. */
function tailQuantile(p: number, df: number): number {
  let { low, high } = bracket(p, df)
  let t = low === 0 ? Math.min(high, -normalQuantile(p)) : (low + high) / 2
  for (let iteration = 0; iteration < 200; iteration++) {
    const tail = upperTail(t, df)
    if (tail > p) low = t
    else high = t
    const step = (Math.log(tail / p) * tail) / Math.exp(logDensity(t, df))
    let next = t + step
    if (!(next > low && next < high)) next = (low + high) / 2
    if (Math.abs(next - t) <= 1e-15 * Math.abs(next)) return next
    t = next
  }
  return t
}

/**
 * The t with P(T <= t) = p for Student's law with `df` > 0 degrees of freedom (Infinity is the normal law).
 * p outside [0, 1] or df <= 0 -> NaN.
 */
export function studentTQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1) || !(df > 0)) return Number.NaN
  if (p === 0) return Number.NEGATIVE_INFINITY
  if (p === 1) return Number.POSITIVE_INFINITY
  if (p === 0.5) return 0
  if (df === Number.POSITIVE_INFINITY) return normalQuantile(p)
  return p < 0.5 ? -tailQuantile(p, df) : tailQuantile(1 - p, df)
}
