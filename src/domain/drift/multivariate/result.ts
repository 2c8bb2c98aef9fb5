import type { ColumnStatus, Sides } from '../predicate.js'

/** Tests of all columns together, by the names that the configuration has. */
export type MultivariateTestName = 'domain-classifier' | 'mmd' | 'pca' | 'correlation'

/** A column, or a pair of them, and how much of a test's result it is. */
export interface Explanation {
  /** One name, or two for a correlation; each cut at 200 characters. */
  readonly columns: readonly string[]
  /** Of what the test found, 0 to 1. */
  readonly share: number | null
  /** Of a correlation: its value in each sample, and how far it moved. */
  readonly reference: number | null
  readonly current: number | null
  readonly difference: number | null
}

export interface MultivariateTest {
  readonly name: MultivariateTestName
  readonly status: ColumnStatus
  readonly reason: string
  /**
   * The area under the ROC curve; the unbiased squared discrepancy; how far the mean reconstruction error moved, in standard
   * deviations of the reference's; the largest difference of a correlation that is certain (or of any, where none is).
   */
  readonly statistic: number | null
  /** Corrected for the number of pairs in the test of correlations. */
  readonly pValue: number | null
  readonly interval: {
    readonly level: number
    readonly low: number
    readonly high: number
  } | null
  /** What the statistic must exceed for drift. */
  readonly threshold: number | null
  /** How many rows were looked at. */
  readonly rows: Sides
  /** At most ten, the largest first. */
  readonly explains: readonly Explanation[]
}

/** Whether the columns, taken together, have drifted. */
export interface MultivariateResult {
  readonly status: ColumnStatus
  readonly reason: string
  /** How many columns were looked at. */
  readonly columns: number
  /** Columns that these tests cannot use, and why. */
  readonly leftOut: readonly { readonly column: string; readonly reason: string }[]
  readonly tests: readonly MultivariateTest[]
}

/** What a test of all columns is given. */
export interface TestLimits {
  /** The chance of a false alarm that this one test may take. */
  readonly alpha: number
  readonly seed: number
}

/** Fewer rows of a sample than this teach nothing about several columns at once. */
export const FEWEST_ROWS = 50

/** The answer of a test that has too little to say anything. */
export function undecided(
  name: MultivariateTestName,
  rows: Sides,
  { reason, threshold }: { readonly reason: string; readonly threshold: number | null },
): MultivariateTest {
  return {
    name,
    status: 'inconclusive',
    reason,
    statistic: null,
    pValue: null,
    interval: null,
    threshold,
    rows,
    explains: [],
  }
}
