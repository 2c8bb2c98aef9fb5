import type { Sides } from '../predicate.js'
import type { Buckets } from './buckets.js'
import type { Cell, CellInside, Units } from './cells.js'

/** A cell as an engine counts it. */
export interface BucketCell extends Cell {
  readonly bucket: number
  /** The sums of squares, in units. */
  readonly squares: Sides
}

/** One value, and how often it occurs. */
export interface ValueCount {
  readonly value: number
  readonly counts: Sides
}

/** Some neighbouring values, both ends included. */
export interface ValueRange {
  readonly min: number
  readonly max: number
}

/** What comes before a bucket. */
export interface BucketStart {
  readonly bucket: number
  readonly before: Sides
}

/** What an engine is asked about one column of finite numbers of both samples. */
export interface NumberCounter {
  /** Every value with its counts; undefined where there are more than `most`. All values where no range is given. */
  readonly values: (
    ranges: readonly ValueRange[] | undefined,
    most: number,
  ) => Promise<readonly ValueCount[] | undefined>
  readonly buckets: (
    buckets: Buckets,
    units: Units,
    ranges: readonly ValueRange[] | undefined,
  ) => Promise<readonly BucketCell[]>
  /** What happens inside of some buckets; undefined for engines that cannot say. */
  readonly inside:
    | ((
        buckets: Buckets,
        starts: readonly BucketStart[],
      ) => Promise<ReadonlyMap<number, CellInside>>)
    | undefined
}

/** What one scan has told about one side. */
export interface SideSummary {
  /** Finite values. */
  readonly count: number
  readonly min: number
  readonly max: number
  /** About. */
  readonly distinct: number
  /** About, ascending. */
  readonly quantiles: readonly number[]
}

export interface NumberSummary {
  readonly reference: SideSummary
  readonly current: SideSummary
}

/** The engine's answers do not fit together: somebody has written to a table between two queries. */
export class ChangedTableError extends Error {
  override readonly name = 'ChangedTableError'
}

/** Throws ChangedTableError unless as many values were counted as before. */
export function checkSizes(counted: readonly { readonly counts: Sides }[], sizes: Sides): void {
  const found = counted.reduce(
    (sum, { counts }) => ({
      reference: sum.reference + counts.reference,
      current: sum.current + counts.current,
    }),
    { reference: 0, current: 0 },
  )
  if (found.reference === sizes.reference && found.current === sizes.current) return
  throw new ChangedTableError(
    `${found.reference} and ${found.current} values were counted, and before ${sizes.reference} and ${sizes.current}`,
  )
}
