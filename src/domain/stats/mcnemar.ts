import { binomialCdf, binomialPmf } from './special/binomial.js'

export interface McNemarResult {
  /** Two-sided exact conditional p-value. */
  readonly exactP: number
  /** Two-sided mid-p-value: less conservative than the exact one, and the one to use by default. */
  readonly midP: number
  /** Continuity-corrected chi-square with one degree of freedom. */
  readonly statistic: number
}

/** Up to here 2^-n is a normal double, and sums of binomial coefficients are exact or nearly so. */
const SUM_UP_TO = 1000

/** P(X <= k) and P(X = k) for X ~ Bin(n, 1/2). */
function fairCoin(k: number, n: number): { cdf: number; pmf: number } {
  if (n > SUM_UP_TO) return { cdf: binomialCdf(k, n, 0.5), pmf: binomialPmf(k, n, 0.5) }
  let pmf = 2 ** -n
  let cdf = pmf
  for (let i = 1; i <= k; i++) {
    pmf = (pmf * (n - i + 1)) / i
    cdf += pmf
  }
  return { cdf, pmf }
}

/**
 * McNemar's test of equal accuracy of two models on the same examples. `b`: only the candidate is right; `c`: only
 * the baseline is. Given b + c, b is Bin(b + c, 1/2) when the models are equally accurate (McNemar 1947; mid-p after
 * Fagerland, Lydersen & Laake 2013). No discordant example -> both p-values 1, statistic 0.
 */
export function mcnemar(b: number, c: number): McNemarResult {
  const discordant = b + c
  if (discordant === 0) return { exactP: 1, midP: 1, statistic: 0 }
  const fewer = Math.min(b, c)
  const { cdf, pmf } = fairCoin(fewer, discordant)
  const twice = 2 * cdf
  const corrected = Math.max(0, Math.abs(b - c) - 1)
  return {
    exactP: Math.min(1, twice),
    midP: b === c ? 1 : twice - pmf,
    statistic: (corrected * corrected) / discordant,
  }
}
