import { deviance, stirlingError } from './deviance.js'

const EPSILON = 2 ** -53
const TINY = 1e-300
const MOST_STEPS = 1_000_000

/**
 * Upper regularised incomplete gamma function Q(a, x) for a > 0: a series below a + 1 and a continued
 * fraction (modified Lentz) above, with the leading factor in Loader's form so that it stays exact for
 * thousands of degrees of freedom. NaN for a <= 0 or NaN arguments.
 */
export function upperGamma(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x)
}

/** Lower regularised incomplete gamma function P(a, x) = 1 - Q(a, x), without loss for small x. */
export function lowerGamma(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN
  if (x <= 0) return 0
  if (x === Number.POSITIVE_INFINITY) return 1
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x)
}

/** x^a exp(-x) / gamma(a + 1): the Poisson probability of a at mean x, for real a > 0. */
function poissonDensity(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a)
}

function lowerSeries(a: number, x: number): number {
  let sum = 1
  let term = 1
  for (let n = 1; n < MOST_STEPS; n++) {
    term *= x / (a + n)
    sum += term
    if (term < sum * EPSILON) break
  }
  return Math.min(1, sum * poissonDensity(a, x))
}

function upperFraction(a: number, x: number): number {
  const factor = a * poissonDensity(a, x)
  if (factor === 0) return 0
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let product = d
  for (let i = 1; i < MOST_STEPS; i++) {
    const numerator = -i * (i - a)
    b += 2
    d = 1 / awayFromZero(numerator * d + b)
    c = awayFromZero(b + numerator / c)
    const change = c * d
    product *= change
    if (Math.abs(change - 1) < 2 * EPSILON) break
  }
  return Math.min(1, factor * product)
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
