import { normalCdf } from './special/normal.js'

/**
 * log of 2 sqrt(rho/(V+rho)) exp(S^2/(2(V+rho))) Phi(S/sqrt(V+rho)): the one-sided normal mixture, that is, the mean of
 * exp(lambda S - lambda^2 V/2) over a half-normal lambda of variance 1/rho (Robbins 1970; Howard et al. 2021,
 * arXiv:1810.08240). rho = 0 -> 0 (nothing is staked).
 */
export function logHalfNormalMixture(sum: number, variance: number, rho: number): number {
  if (rho === 0) return 0
  const total = variance + rho
  const z = sum / Math.sqrt(total)
  // Below -30 the tail underflows; there Phi(z) e^(z^2/2) is 1/(|z| sqrt(2 pi)) to 0.1 % (Mills' ratio).
  const tail =
    z < -30 ? -Math.log(-z * Math.sqrt(2 * Math.PI)) : (z * z) / 2 + Math.log(normalCdf(z))
  return Math.LN2 + 0.5 * Math.log(rho / total) + tail
}
