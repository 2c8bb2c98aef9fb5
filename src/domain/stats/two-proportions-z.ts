import { normalSf } from './special/normal.js'

export interface TwoByTwo {
  /** How often the event happened, of how many: in the reference and in the current sample. */
  readonly reference: { readonly events: number; readonly n: number }
  readonly current: { readonly events: number; readonly n: number }
}

export interface TwoProportionsResult {
  /** The reference's share less the current one, over its pooled standard error. */
  readonly statistic: number
  /** Two-sided. */
  readonly pValue: number
}

/**
 * Z-test of two proportions with pooled variance (its square is Pearson's chi-square of the 2×2 table; Pearson 1900), as
 * statsmodels' proportions_ztest. The event always or never: statistic 0, p 1. Either sample empty: undefined.
 */
export function twoProportionsZ({
  reference,
  current,
}: TwoByTwo): TwoProportionsResult | undefined {
  if (reference.n === 0 || current.n === 0) return undefined
  const pooled = (reference.events + current.events) / (reference.n + current.n)
  if (pooled === 0 || pooled === 1) return { statistic: 0, pValue: 1 }
  const difference = reference.events / reference.n - current.events / current.n
  const variance = pooled * (1 - pooled) * (1 / reference.n + 1 / current.n)
  const statistic = difference / Math.sqrt(variance)
  return { statistic, pValue: Math.min(1, 2 * normalSf(Math.abs(statistic))) }
}
