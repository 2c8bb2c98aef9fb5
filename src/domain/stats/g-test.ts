import { type CellCounts, total } from './shares.js'
import { deviance } from './special/deviance.js'
import { upperGamma } from './special/gamma.js'

export interface GTestResult {
  readonly statistic: number
  readonly degreesOfFreedom: number
  readonly pValue: number
}

/**
 * Two-sample G-test, the log-likelihood ratio of homogeneity (Wilks 1935, Ann. Math. Statist. 6:190-196), over the cells that either
 * sample has; the same as scipy.stats.chi2_contingency(correction=False, lambda_='log-likelihood'). Its p-value is that
 * of the chi-square law whatever the counts are: where expected counts are small it alarms too easily. One cell only: statistic
 * 0, p 1. Either sample empty: undefined.
 */
export function gTest(counts: CellCounts): GTestResult | undefined {
  const referenceTotal = total(counts.reference)
  const currentTotal = total(counts.current)
  if (referenceTotal === 0 || currentTotal === 0) return undefined
  const size = referenceTotal + currentTotal
  let sum = 0
  let cells = 0
  for (let cell = 0; cell < counts.reference.length; cell++) {
    const reference = counts.reference[cell] ?? 0
    const current = counts.current[cell] ?? 0
    const both = reference + current
    if (both === 0) continue
    cells++
    // Expected less observed add up to 0 over all cells; with them the terms are deviances, whose digits do not cancel.
    sum += deviance(reference, (both * referenceTotal) / size)
    sum += deviance(current, (both * currentTotal) / size)
  }
  const degreesOfFreedom = cells - 1
  if (degreesOfFreedom === 0) return { statistic: 0, degreesOfFreedom, pValue: 1 }
  const statistic = Math.max(0, 2 * sum)
  const pValue = upperGamma(degreesOfFreedom / 2, statistic / 2)
  return { statistic, degreesOfFreedom, pValue }
}
