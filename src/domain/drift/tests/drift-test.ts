import { binCounts, decileEdges } from '../../stats/quantile.js'
import type { CellCounts } from '../../stats/shares.js'

/** A column's finite values in both samples, each sorted. */
export interface NumericPair {
  readonly kind: 'numeric'
  readonly reference: Float64Array
  readonly current: Float64Array
}

/** How often each category occurs in both samples. */
export interface CategoryPair extends CellCounts {
  readonly kind: 'categorical'
  readonly categories: readonly string[]
}

export interface TestOutcome {
  readonly statistic: number
  /** Null for a distance, which has none. */
  readonly pValue: number | null
}

/** A way to compare two samples of a column; a kind of column that it cannot compare has no function. */
export interface DriftTest {
  /** As written in `tests:` of the configuration. */
  readonly name: string
  readonly summary: string
  /** What samples it can compare, and where it has no answer: for the documentation. */
  readonly compares?: string
  /** A distance says how much has changed; a test how sure it is that something has. */
  readonly measures: 'distance' | 'significance'
  /** Undefined when a sample is empty. */
  readonly numeric?: (pair: NumericPair) => TestOutcome | undefined
  readonly categorical?: (pair: CategoryPair) => TestOutcome | undefined
}

/** The counts over the bins that the reference's deciles cut. */
export function binPair(pair: NumericPair): CellCounts {
  const edges = decileEdges(pair.reference)
  return {
    reference: binCounts(pair.reference, edges),
    current: binCounts(pair.current, edges),
  }
}

export interface CellDistance {
  readonly name: string
  readonly summary: string
  readonly compares?: string
  readonly distance: (counts: CellCounts) => number | undefined
}

/** A distance over cells: categories as they are, numbers in the reference's deciles. */
export function cellDistanceTest({ name, summary, compares, distance }: CellDistance): DriftTest {
  return {
    name,
    summary,
    compares:
      compares ?? 'Categories as they are; numbers in bins cut at the deciles of the reference.',
    measures: 'distance',
    numeric: (pair) => distanceOutcome(distance(binPair(pair))),
    categorical: (pair) => distanceOutcome(distance(pair)),
  }
}

export function distanceOutcome(statistic: number | undefined): TestOutcome | undefined {
  return statistic === undefined ? undefined : { statistic, pValue: null }
}
