import { binomialCdf, binomialPmf } from './special/binomial.js'

export interface McNemarResult {
  /** Two-sided exact conditional p-value. */
  readonly exactP: number
  /** Two-sided mid-p-value: less conservative than the exact one, and the one to use by default. */
  readonly midP: number
  /** Continuity-corrected chi-square with one degree of freedom. */
  readonly statistic: number
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
  const twice = 2 * binomialCdf(fewer, discordant, 0.5)
  const corrected = Math.max(0, Math.abs(b - c) - 1)
  return {
    exactP: Math.min(1, twice),
    midP: b === c ? 1 : twice - binomialPmf(fewer, discordant, 0.5),
    statistic: (corrected * corrected) / discordant,
  }
}
