import { deviance, stirlingError } from './deviance.js'

/** A point of the unit interval given with its complement, so that 1 - x loses nothing near 1. */
export interface BetaArguments {
  readonly x: number
  /** 1 - x. */
  readonly y: number
  readonly a: number
  readonly b: number
}

const TINY = 1e-300
const EPSILON = 1e-16

/** x^a y^b / B(a, b) in Loader's saddle-point form, which keeps its digits for large a and b. */
function betaPower({ x, y, a, b }: BetaArguments): number {
  const n = a + b
  const exponent =
    -deviance(a, n * x) -
    deviance(b, n * y) +
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b)
  return Math.exp(exponent) * Math.sqrt((a / n) * (b / (2 * Math.PI)))
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

/** The continued fraction of the incomplete beta function (DLMF 8.17.22) by the modified Lentz method. */
function betaFraction({ x, a, b }: BetaArguments): number {
  const limit = 1000 + 20 * Math.ceil(Math.sqrt(a + b))
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= limit; m++) {
    const even = ((m / (a + 2 * m - 1)) * (b - m) * x) / (a + 2 * m)
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    value *= d * c
    const odd = -(((a + m) / (a + 2 * m)) * (a + b + m) * x) / (a + 2 * m + 1)
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const step = d * c
    value *= step
    if (Math.abs(step - 1) < 2 * EPSILON) break
  }
  return value
}

/** I_x(a, b) from x and its complement: see `incompleteBeta`. */
export function incompleteBetaOf(input: BetaArguments): number {
  const { x, y, a, b } = input
  if (!(a > 0 && b > 0) || Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  if (x <= 0) return 0
  if (y <= 0) return 1
  const power = betaPower(input)
  // The fraction converges fast below the mean; above it the mirror image is used.
  if (x < (a + 1) / (a + b + 2)) return Math.min(1, (power * betaFraction(input)) / a)
  return Math.max(0, 1 - (power * betaFraction({ x: y, y: x, a: b, b: a })) / b)
}

/**
 * The regularised incomplete beta function I_x(a, b), the distribution function of the beta law, for a, b > 0.
 * x <= 0 -> 0, x >= 1 -> 1, invalid parameters -> NaN.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  return incompleteBetaOf({ x, y: 1 - x, a, b })
}
