/** What a look at one metric (and slice) says by itself. */
export type AnalysisStatus = 'continue' | 'promote' | 'rollback'

/** What a test without e-values goes by: at `bound` it finds harm. */
export interface RowStatistic {
  readonly name: 'z' | 'failed-checks' | 'class'
  readonly value: number
  readonly bound: number
}

/** One line of a look: CONTRACTS, rollout predicate. */
export interface AnalysisRow {
  readonly metric: string
  readonly slice: string | null
  readonly method: string
  /** What estimate, low and high are of: canary over stable, canary minus stable, or the rate itself. */
  readonly of: 'ratio' | 'difference' | 'rate' | 'share'
  /** null where the data give none. */
  readonly estimate: number | null
  readonly low: number | null
  /** null where unbounded. */
  readonly high: number | null
  /** Evidence for harm; rollback at `threshold` and above. null: does not guard. Infinity is written as MAX_VALUE. */
  readonly eValue: number | null
  readonly threshold: number | null
  /** Where the test for harm has no e-value. */
  readonly statistic?: RowStatistic | undefined
  /** Evidence that the canary is not worse by the margin. null: not asked for. */
  readonly promotionEValue: number | null
  readonly promotionThreshold: number | null
  readonly canary: { readonly n: number; readonly events: number }
  readonly stable: { readonly n: number; readonly events: number }
  readonly status: AnalysisStatus
}

/** A number as JSON can hold it: infinities become the largest finite number, NaN null. */
export function finite(value: number | undefined): number | null {
  if (value === undefined || Number.isNaN(value)) return null
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE)
}

/** As `finite`, for bounds: an infinite bound is no bound. */
export function bound(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
