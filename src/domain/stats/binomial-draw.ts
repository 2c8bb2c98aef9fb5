import type { RandomSource } from './random.js'
import { stirlingError } from './special/deviance.js'

/** Below this mean the inversion takes few steps; above it the rejection method is exact and constant in time. */
const REJECTION_FROM = 10

/** Inversion by running through the probabilities from 0 upwards (Kachitvichyanukul & Schmeiser 1988, BINV). */
function byInversion(n: number, p: number, random: RandomSource): number {
  const odds = p / (1 - p)
  let probability = Math.exp(n * Math.log1p(-p))
  let rest = random.next()
  let k = 0
  while (rest >= probability && k < n) {
    rest -= probability
    k++
    probability *= (odds * (n - k + 1)) / k
  }
  return k
}

interface RejectionSetup {
  readonly n: number
  readonly odds: number
  readonly mode: number
  readonly alpha: number
  readonly a: number
  readonly b: number
}

/** log of the pmf at k over the pmf at the mode, as Hörmann's algorithm writes it. */
function logRatio({ n, odds, mode }: RejectionSetup, k: number): number {
  return (
    (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
    (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
    (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
    stirlingError(mode + 1) +
    stirlingError(n - mode + 1) -
    stirlingError(k + 1) -
    stirlingError(n - k + 1)
  )
}

/** Transformed rejection with squeeze, for p <= 1/2 and n p >= 10 (Hörmann 1993, algorithm BTRS). */
function byRejection(n: number, p: number, random: RandomSource): number {
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const centre = n * p + 0.5
  const squeeze = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const setup = { n, odds: p / (1 - p), mode: Math.floor((n + 1) * p), alpha, a, b }
  for (;;) {
    const u = random.next() - 0.5
    const v = random.next()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + centre)
    if (us >= 0.07 && v <= squeeze) return k
    if (!(k >= 0 && k <= n)) continue
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= logRatio(setup, k)) return k
  }
}

/**
 * One draw from Bin(n, p) of exactly that law, in time that does not grow with n: inversion for small means,
 * Hörmann's BTRS (1993, J. Statist. Comput. Simul. 46:101-110) for large ones. p outside (0, 1) is taken as 0 or 1.
 */
export function drawBinomial(n: number, p: number, random: RandomSource): number {
  if (n === 0 || !(p > 0)) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random)
  return n * p < REJECTION_FROM ? byInversion(n, p, random) : byRejection(n, p, random)
}
