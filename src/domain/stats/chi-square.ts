import { type CellCounts, total } from './shares.js'
import { upperGamma } from './special/gamma.js'

export interface ChiSquareResult {
  readonly statistic: number
  readonly degreesOfFreedom: number
  readonly pValue: number
}

/** P(X >= statistic) of the chi-square law. No degrees of freedom: 1. */
function chiSquareSurvival(statistic: number, degreesOfFreedom: number): number {
  return degreesOfFreedom === 0 ? 1 : upperGamma(degreesOfFreedom / 2, statistic / 2)
}

/**
 * Pearson's two-sample chi-square test of homogeneity, without continuity correction, over the cells that either
 * sample has (Pearson 1900; scipy.stats.chi2_contingency with correction=False). Both samples are taken as
 * random, the reference too. One cell only: statistic 0, p 1. Either sample empty: undefined.
 */
export function chiSquareTwoSample(counts: CellCounts): ChiSquareResult | undefined {
  const referenceTotal = total(counts.reference)
  const currentTotal = total(counts.current)
  if (referenceTotal === 0 || currentTotal === 0) return undefined
  let sum = 0
  let cells = 0
  for (let cell = 0; cell < counts.reference.length; cell++) {
    const reference = counts.reference[cell] ?? 0
    const current = counts.current[cell] ?? 0
    if (reference + current === 0) continue
    cells++
    // Both rows of the table in one term: (r M - c N)^2 / (N M (r + c)).
    const gap = reference / referenceTotal - current / currentTotal
    sum += (gap * gap) / (reference + current)
  }
  const statistic = cells === 1 ? 0 : sum * referenceTotal * currentTotal
  const degreesOfFreedom = cells - 1
  return { statistic, degreesOfFreedom, pValue: chiSquareSurvival(statistic, degreesOfFreedom) }
}
