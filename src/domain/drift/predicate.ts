import type { Decision } from '../decision.js'
import type { Correction } from '../stats/multiplicity.js'
import type { DriftKind } from './policy.js'

/** `unconfirmed`: it drifted now, and not yet in as many windows in a row as are asked for. */
export type ColumnStatus = 'drifted' | 'unconfirmed' | 'stable' | 'inconclusive'

/** What a column came to against one of several references. */
export interface AgainstReference {
  readonly reference: string
  /** `absent` where the reference does not have the column. */
  readonly status: ColumnStatus | 'absent'
  readonly distance: number | null
  readonly adjustedPValue: number | null
}

/** One number for each sample. */
export interface Sides {
  readonly reference: number
  readonly current: number
}

/** What the report draws: shares of both samples over the same bins or categories. */
export type Histogram =
  | {
      readonly kind: 'numeric'
      /** One more than there are bins; the outer bins also hold what lies beyond them. */
      readonly edges: readonly number[]
      readonly reference: readonly number[]
      readonly current: readonly number[]
    }
  | {
      readonly kind: 'categorical'
      readonly categories: readonly string[]
      readonly reference: readonly number[]
      readonly current: readonly number[]
      /** The shares of the categories that are not listed. */
      readonly others: Sides
      readonly otherCount: number
    }

export interface DriftColumn {
  readonly name: string
  readonly kind: DriftKind
  readonly critical: boolean
  readonly status: ColumnStatus
  /** In words, without the column's name. */
  readonly reason: string
  /** Null where the column could not be compared: it is absent, or of another type. */
  readonly test: string | null
  readonly statistic: number | null
  readonly pValue: number | null
  readonly adjustedPValue: number | null
  readonly distance: {
    readonly name: string
    readonly value: number | null
    readonly threshold: number
    /** What chance alone exceeds in a share alpha of samples of these sizes. */
    readonly noise: number | null
    /** The smallest true distance that shows in about half of samples of these sizes. */
    readonly detectable: number | null
  } | null
  readonly psi: number | null
  readonly js: number | null
  /** Finite values (or categories that are not missing) that were compared. */
  readonly values: Sides
  /** Shares of missing cells. */
  readonly nulls: Sides
  readonly nullTest: { readonly pValue: number; readonly adjustedPValue: number } | null
  /** Infinite cells, which no statistic uses. */
  readonly infinities: Sides
  /** Those most frequent, at most 20. */
  readonly newCategories: readonly string[]
  readonly newCategoryCount: number
  readonly vanishedCategories: readonly string[]
  readonly vanishedCategoryCount: number
  /** The share of the current values whose category the reference does not have. */
  readonly newShare: number
  /** How far ranks may be off where a sketch stood for the values; 0 where all were compared. */
  readonly rankError: number
  readonly drifted: boolean
  /** Whether only its presence and missing cells were compared, as of identifiers and times that nobody named. */
  readonly valuesLeftOut?: boolean | undefined
  /** What else changed, a clause a thing. */
  readonly details: readonly string[]
  /** Where there are several references, each of them; the other numbers are those of one of them. */
  readonly against?: readonly AgainstReference[] | undefined
  readonly histogram: Histogram | null
}

type FindingKind =
  | 'null-rate'
  | 'new-categories'
  | 'vanished-categories'
  | 'type-changed'
  | 'column-absent'
  | 'column-new'
  | 'infinities'
  | 'unusable'
  | 'not-compared'
  | 'identifier'

/** Something that a reader should know beside the statistics. */
export interface DriftFinding {
  readonly kind: FindingKind
  readonly column: string
  /** In words, without the column's name; may hold text from the data. */
  readonly detail: string
}

/** The drift predicate without what the caller adds (inputs, triggers). All numbers are finite. */
export interface DriftPredicateBody {
  readonly decision: Decision
  /** In words. */
  readonly reason: string
  readonly rows: Sides
  readonly driftedShare: number
  readonly inconclusiveShare: number
  readonly alpha: number
  readonly correction: Correction
  readonly minShare: number
  readonly columns: readonly DriftColumn[]
  readonly findings: readonly DriftFinding[]
}
