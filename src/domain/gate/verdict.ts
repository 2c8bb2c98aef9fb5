import type { Decision } from '../decision.js'
import type { Task } from '../metrics/metric.js'
import type { Correction } from './policy.js'

export interface CheckInterval {
  readonly of: 'difference' | 'candidate'
  readonly level: number
  readonly low: number
  readonly high: number
  readonly method: string
}

/**
 * Of a comparison: the two-sided test that the models do not differ. Of a floor or a ceiling: that the value is the bound.
 * `adjustedPValue` is corrected over all the verdict's checks.
 */
export interface CheckTest {
  readonly name: string
  readonly statistic: number | null
  readonly pValue: number
  readonly adjustedPValue: number
}

/**
 * The claim that the value lies beyond the rule's bound on the wrong side, as a two-sided p-value there (twice the
 * one-sided one). A check fails only when its adjusted p-value is below 1 - confidence.
 */
export interface FailClaim {
  readonly boundary: number
  readonly pValue: number
  readonly adjustedPValue: number
}

/** A subset of the examples; a `value` of null holds the rows where the column has no value. */
export interface SliceKey {
  readonly column: string
  readonly value: string | null
}

/** `skipped`: a slice with too few examples to judge; shown, counted, and not part of the decision. */
export type CheckStatus = 'pass' | 'fail' | 'inconclusive' | 'skipped'

export interface Check {
  readonly id: string
  readonly metric: string
  readonly slice: SliceKey | null
  readonly level: 'fail' | 'warn'
  /** Examples that it rests on. */
  readonly n: number
  readonly candidate: number | null
  readonly baseline: number | null
  /** Candidate minus baseline, in the metric's own direction. */
  readonly difference: number | null
  readonly interval: CheckInterval | null
  readonly test: CheckTest | null
  readonly claim: FailClaim | null
  /** The rule as written, without metric, level and slices. */
  readonly rule: Readonly<Record<string, unknown>>
  readonly status: CheckStatus
  /** `better`, `worse` or `same` than the baseline, by the estimates; null without a baseline. */
  readonly direction: 'better' | 'worse' | 'same' | null
  readonly reason: string
}

/** What became of the values of a column that a rule is sliced by. */
export interface SliceSummary {
  readonly column: string
  readonly values: number
  readonly judged: number
  readonly skipped: number
  readonly minSize: number
}

export interface Samples {
  readonly candidate: number
  readonly baseline: number | null
  readonly joined: number
}

/** The verdict's predicate but for the identities that the caller knows: baseline and inputs. */
export interface VerdictBody {
  readonly decision: Decision
  readonly task: Task
  readonly samples: Samples
  readonly checks: readonly Check[]
  readonly slices: readonly SliceSummary[]
  readonly policy: {
    readonly confidence: number
    readonly correction: Correction
    /** Null where the caller did not say. */
    readonly seed: number | null
  }
}

export interface BaselineIdentity {
  readonly source: string
  readonly digest?: string | undefined
  readonly ageDays?: number | undefined
}

/** The predicate of a verdict statement. */
export interface VerdictPredicate extends VerdictBody {
  readonly baseline: BaselineIdentity | null
  readonly inputs?: readonly { readonly predicateType: string; readonly digest: string }[]
}
