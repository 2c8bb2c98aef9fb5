import { deviance, stirlingError } from './deviance.js'

/** Beyond this many values scipy takes the asymptotic form, and so do we. */
const MOST_EXACT = 1_000_000
const NEGLIGIBLE = 1e-17

/**
 * P(D+ >= x) of the one-sided one-sample Kolmogorov-Smirnov statistic for n values, 0 < x < 1: the sum of
 * Birnbaum & Tingey (1951), each term written as a binomial probability in Loader's form so that no term
 * over- or underflows; over a million values exp(-(6nx + 1)^2 / 18n).
 */
export function smirnovSurvival(n: number, x: number): number {
  if (x <= 0) return 1
  if (x >= 1) return 0
  if (n > MOST_EXACT) return Math.exp(-((6 * n * x + 1) ** 2) / 18 / n)
  const distance = n * x
  const last = Math.floor(n - distance)
  const centre = Math.floor(last / 2)
  // From the middle outwards: the terms fall off on both sides, so that both sums can stop early.
  let sum = 0
  for (let j = centre; j >= 0; j--) {
    const term = smirnovTerm(n, j, distance)
    sum += term
    if (term * j < NEGLIGIBLE * sum) break
  }
  for (let j = centre + 1; j <= last; j++) {
    const term = smirnovTerm(n, j, distance)
    sum += term
    if (term * (last - j) < NEGLIGIBLE * sum) break
  }
  return Math.min(1, sum)
}

/** x C(n, j) (x + j/n)^(j - 1) (1 - x - j/n)^(n - j), with `distance` = n x. */
function smirnovTerm(n: number, j: number, distance: number): number {
  const rest = n - j
  const restMean = rest - distance
  if (j === 0) return Math.exp(n * Math.log1p(-distance / n))
  if (restMean <= 0) return 0
  const misfit = deviance(j, j + distance) + deviance(rest, restMean)
  const error = stirlingError(n) - stirlingError(j) - stirlingError(rest)
  const share = distance / (distance + j)
  return share * Math.sqrt(n / (2 * Math.PI * j * rest)) * Math.exp(error - misfit)
}
