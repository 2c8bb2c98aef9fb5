import { binomialPmf } from './binomial.js'
import { logGamma } from './log-gamma.js'

/** log of n over k, for 0 <= k <= n. */
export function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}

/** `draws` without replacement from `size` things of which `marked` count. */
export interface HypergeometricLaw {
  readonly size: number
  readonly marked: number
  readonly draws: number
}

/** The smallest and the largest number of marked things that can be drawn. */
export function hypergeometricRange(law: HypergeometricLaw): {
  readonly low: number
  readonly high: number
} {
  const { size, marked, draws } = law
  return { low: Math.max(0, draws - (size - marked)), high: Math.min(draws, marked) }
}

/**
 * P(X = k) as a product of three binomial probabilities (Loader 2000), so that it keeps its digits for sizes of millions.
 * k out of range: 0.
 */
export function hypergeometricPmf(k: number, law: HypergeometricLaw): number {
  const { size, marked, draws } = law
  const { low, high } = hypergeometricRange(law)
  if (k < low || k > high) return 0
  if (low === high) return 1
  const p = draws / size
  const chosen = binomialPmf(k, marked, p) * binomialPmf(draws - k, size - marked, p)
  return chosen / binomialPmf(draws, size, p)
}

/**
 * The sum of the probabilities from `k` on in direction `step` (1 upwards, -1 downwards), by the ratio of neighbours, until
 * the rest no longer counts. Meant for a tail: k on the far side of the mode in that direction.
 */
export function hypergeometricTail(k: number, law: HypergeometricLaw, step: 1 | -1): number {
  const { size, marked, draws } = law
  const rest = size - marked - draws
  let probability = hypergeometricPmf(k, law)
  let sum = probability
  for (let x = k; probability > sum * 1e-18; x += step) {
    const up = ((marked - x) / (x + 1)) * ((draws - x) / (rest + x + 1))
    const down = (x / (marked - x + 1)) * ((rest + x) / (draws - x + 1))
    probability *= step === 1 ? up : down
    sum += probability
  }
  return sum
}
