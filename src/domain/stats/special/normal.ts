/**
 * Normal distribution: rational approximations of W. J. Cody, "Rational Chebyshev approximation for the error
 * function", Math. Comp. 23 (1969), and of M. J. Wichura, "Algorithm AS 241", Appl. Statist. 37 (1988).
 */

const CENTRE_TOP = [
  0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709,
  18154.98125334356,
] as const
const CENTRE_BOTTOM = [
  1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673,
] as const
const MIDDLE_TOP = [
  1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785,
  597.2702763948002, 2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
] as const
const MIDDLE_BOTTOM = [
  1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761,
  18615.571640885097, 34900.95272114598, 38912.00328609327, 19685.429676859992,
] as const
const TAIL_TOP = [
  0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277870649807,
  0.0014216191932278934, 2.9112874951168793e-5,
] as const
const TAIL_BOTTOM = [
  1, 1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824,
  7.297515550839662e-5,
] as const

const INVERSE_SQRT_TWO_PI = 0.3989422804014327

/** Horner's rule, highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0
  for (const coefficient of coefficients) value = value * x + coefficient
  return value
}

/** exp(-y^2 / 2), with y split so that rounding of the square does not show in the far tail (Cody). */
function gaussian(y: number): number {
  const coarse = Math.trunc(y * 16) / 16
  const rest = (y - coarse) * (y + coarse)
  return Math.exp(-coarse * coarse * 0.5) * Math.exp(-rest * 0.5)
}

/** P(Z > y) for y > 0.67448975. */
function upperTail(y: number): number {
  if (y > 40) return 0
  if (y <= Math.sqrt(32)) {
    return gaussian(y) * (polynomial(MIDDLE_TOP, y) / polynomial(MIDDLE_BOTTOM, y))
  }
  const inverse = 1 / (y * y)
  const correction = (inverse * polynomial(TAIL_TOP, inverse)) / polynomial(TAIL_BOTTOM, inverse)
  return (gaussian(y) * (INVERSE_SQRT_TWO_PI - correction)) / y
}

/** P(Z <= x) of the standard normal law, accurate in relative terms in the lower tail. NaN -> NaN. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  if (Math.abs(x) <= 0.67448975) {
    const square = x * x
    return 0.5 + (x * polynomial(CENTRE_TOP, square)) / polynomial(CENTRE_BOTTOM, square)
  }
  return x < 0 ? upperTail(-x) : 1 - upperTail(x)
}

/** P(Z > x) of the standard normal law, accurate in relative terms in the upper tail. NaN -> NaN. */
export function normalSf(x: number): number {
  return normalCdf(-x)
}

const QUANTILE_CENTRE_TOP = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
] as const
const QUANTILE_CENTRE_BOTTOM = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
] as const
const QUANTILE_MIDDLE_TOP = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
  3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
] as const
const QUANTILE_MIDDLE_BOTTOM = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
  0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
] as const
const QUANTILE_TAIL_TOP = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
  0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
] as const
const QUANTILE_TAIL_BOTTOM = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
  0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
] as const

/** The magnitude of the quantile for the smaller tail probability. */
function tailQuantile(tail: number): number {
  const root = Math.sqrt(-Math.log(tail))
  if (root <= 5) {
    const r = root - 1.6
    return polynomial(QUANTILE_MIDDLE_TOP, r) / polynomial(QUANTILE_MIDDLE_BOTTOM, r)
  }
  const r = root - 5
  return polynomial(QUANTILE_TAIL_TOP, r) / polynomial(QUANTILE_TAIL_BOTTOM, r)
}

/** The x with P(Z <= x) = p: -Infinity at 0, Infinity at 1, NaN outside [0, 1]. Algorithm AS 241 (PPND16). */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 0) return Number.NEGATIVE_INFINITY
  if (p === 1) return Number.POSITIVE_INFINITY
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(QUANTILE_CENTRE_TOP, r)) / polynomial(QUANTILE_CENTRE_BOTTOM, r)
  }
  return q < 0 ? -tailQuantile(p) : tailQuantile(1 - p)
}

/** The multiplier of a two-sided normal interval: 1.96 for level 0.95. */
export function normalMultiplier(level: number): number {
  return -normalQuantile((1 - level) / 2)
}
