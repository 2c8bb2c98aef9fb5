import { normalCdf } from './special/normal.js'

export interface ScoreTest {
  readonly statistic: number
  /** Two-sided. */
  readonly pValue: number
  /** One-sided: small when the data say that the true value is below the tested one. */
  readonly below: number
  readonly above: number
}

/** The p-values of a statistic that is standard normal under its hypothesis. */
export function scoreTest(statistic: number): ScoreTest {
  const below = normalCdf(statistic)
  const above = normalCdf(-statistic)
  return { statistic, pValue: Math.min(1, 2 * Math.min(below, above)), below, above }
}
