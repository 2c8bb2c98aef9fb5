/** log(sqrt(2 pi)). */
const HALF_LOG_TWO_PI = 0.9189385332046728

/** Stirling series coefficients B(2k) / (2k (2k - 1)), k = 1.. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
] as const

/** From here on eight terms of the Stirling series are exact to double precision. */
const STIRLING_FROM = 10

/**
 * What log Gamma(x) exceeds (x - 1/2) log x - x + log(2 pi)/2 by, for x >= 10 (Abramowitz & Stegun 6.1.41).
 * Kept apart because differences of log-gammas lose digits that differences of these corrections keep.
 */
export function stirlingCorrection(x: number): number {
  const inverse = 1 / x
  const square = inverse * inverse
  let sum = 0
  for (let k = STIRLING.length - 1; k >= 0; k--) sum = sum * square + (STIRLING[k] ?? 0)
  return sum * inverse
}

/**
 * Natural logarithm of the gamma function for x > 0: the Stirling series above 10, the recurrence
 * Gamma(x + 1) = x Gamma(x) below (Abramowitz & Stegun 6.1.15). Zero and negative arguments -> NaN
 * (Infinity at 0); Infinity -> Infinity.
 */
export function logGamma(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN
  if (x === 0 || x === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
  if (x === 1 || x === 2) return 0
  let shifted = x
  let product = 1
  while (shifted < STIRLING_FROM) {
    product *= shifted
    shifted += 1
  }
  const value =
    (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + stirlingCorrection(shifted)
  return product === 1 ? value : value - Math.log(product)
}
