import { stirlingError } from './deviance.js'
import { kolmogorovByMatrix } from './kolmogorov-matrix.js'
import { smirnovSurvival } from './smirnov.js'

/**
 * P(D_n >= x) of the two-sided one-sample Kolmogorov-Smirnov statistic for n values. The choice between
 * exact formulas, Durbin's matrix and the Pelz-Good expansion follows Simard & L'Ecuyer (2011),
 * "Computing the two-sided Kolmogorov-Smirnov distribution", and so does scipy.stats.kstwo.sf.
 * NaN for an n that is no positive integer.
 */
export function kolmogorovSurvival(n: number, x: number): number {
  if (!Number.isInteger(n) || n <= 0 || Number.isNaN(x)) return Number.NaN
  if (x >= 1) return 0
  if (x <= 0) return 1
  const edge = survivalAtEdge(n, x)
  return Math.min(1, Math.max(0, edge ?? survivalInside(n, x)))
}

/** Very small and very large distances have closed forms (Ruben & Gambino 1982). */
function survivalAtEdge(n: number, x: number): number | undefined {
  const distance = n * x
  if (distance <= 0.5) return 1
  if (distance <= 1) {
    // n! ((2 distance - 1) / n)^n, with n! / n^n by Stirling's formula.
    const log =
      n * Math.log(2 * distance - 1) - n + stirlingError(n) + Math.log(2 * Math.PI * n) / 2
    return 1 - Math.exp(log)
  }
  if (distance >= n - 1) return 2 * (1 - x) ** n
  if (x >= 0.5) return 2 * smirnovSurvival(n, x)
  return undefined
}

function survivalInside(n: number, x: number): number {
  const scaled = n * x * x
  // Below this the distribution function is under 1e-12.
  if (scaled < 0.04 && n > 140) return 1
  if (n <= 140) {
    return scaled <= 4 ? 1 - kolmogorovByMatrix(n, x) : 2 * smirnovSurvival(n, x)
  }
  if (scaled >= 370) return 0
  if (scaled >= 2.2) return 2 * smirnovSurvival(n, x)
  if (n <= 100_000 && n * x ** 1.5 <= 1.4) return 1 - kolmogorovByMatrix(n, x)
  return 1 - pelzGood(n, x)
}

const PI2 = Math.PI ** 2
const ROOT_TWO_PI = Math.sqrt(2 * Math.PI)

/** The expansion of P(D_n <= x) in powers of 1 / sqrt(n), to the third (Pelz & Good 1976). */
function pelzGood(n: number, x: number): number {
  const z = Math.sqrt(n) * x
  const [first, second, third, fourth] = oddSums(z)
  const [secondEven, thirdEven] = evenSums(z)
  return (
    first +
    second / Math.sqrt(n) +
    (third + secondEven) / n +
    (fourth + thirdEven) / (n * Math.sqrt(n))
  )
}

/** The theta sums over odd integers. */
function oddSums(z: number): readonly [number, number, number, number] {
  const z2 = z * z
  const z4 = z2 * z2
  const z6 = z4 * z2
  const z8 = z4 * z4
  const sums: [number, number, number, number] = [0, 0, 0, 0]
  for (let k = termCount(z); k >= 1; k--) {
    const odd2 = (2 * k - 1) ** 2
    const a = (PI2 * odd2) / 4
    const weight = Math.exp((-PI2 * odd2) / (8 * z2))
    sums[0] += weight
    sums[1] += weight * (a - z2)
    sums[2] += weight * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * a + (1 - 2 * z2) * a * a)
    const cubic = (5 - 30 * z2) * a ** 3 + (212 * z4 - 60 * z2) * a * a
    sums[3] += weight * (cubic + (135 * z4 - 96 * z6) * a - 30 * z6 - 90 * z8)
  }
  return [
    (sums[0] * ROOT_TWO_PI) / z,
    (sums[1] * ROOT_TWO_PI) / (6 * z4),
    (sums[2] * ROOT_TWO_PI) / (72 * z6 * z),
    (sums[3] * ROOT_TWO_PI) / (6480 * z8 * z2),
  ]
}

/** The corrections of second and third order that sum over all integers. */
function evenSums(z: number): readonly [number, number] {
  const z2 = z * z
  let second = 0
  let third = 0
  for (let k = termCount(z); k >= 1; k--) {
    const weight = k * k * Math.exp((-PI2 * k * k) / (2 * z2))
    second += weight
    third += weight * (3 * z2 - PI2 * k * k)
  }
  return [
    (second * PI2 * ROOT_TWO_PI) / (-36 * z2 * z),
    (third * PI2 * ROOT_TWO_PI) / (216 * z2 * z2 * z2),
  ]
}

function termCount(z: number): number {
  return Math.ceil((16 * z) / Math.PI)
}
