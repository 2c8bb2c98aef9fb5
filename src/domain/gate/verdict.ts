import type { Decision } from '../decision.js'
import type { Task } from '../metrics/metric.js'
import type { Correction } from './policy.js'

export interface CheckInterval {
  readonly of: 'difference' | 'candidate' | 'ratio'
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

/**
 * A subset of the examples; a `value` of null holds the rows where the column has no value. An intersection of several
 * columns has the first as `column` and `value` and the others in `and`.
 */
export interface SliceKey {
  readonly column: string
  readonly value: string | null
  readonly and?: readonly { readonly column: string; readonly value: string | null }[] | undefined
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
  /** For `inconclusive`: about how many examples would settle it with 80% power, if the estimate stayed. */
  readonly neededExamples?: number | null | undefined
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
  /** Joined examples without a prediction, by model; absent where there are none. */
  readonly abstained?: { readonly candidate: number; readonly baseline: number | null } | undefined
}

/** A slice that the search found: rows where all conditions hold. */
export interface FoundSlice {
  /** `value` is a category as text, null for missing, or an interval such as `[30, 45)` of a binned number. */
  readonly conditions: readonly { readonly column: string; readonly value: string | null }[]
  readonly n: number
  readonly candidate: number | null
  readonly baseline: number | null
  /** Candidate minus baseline in the slice; without a baseline, the slice minus the rest of the examples. */
  readonly difference: number
  /** Widened for the choice: of the slices found, about `rate` are expected to lie outside. */
  readonly low: number
  readonly high: number
  /** One-sided: that the candidate is no worse here. */
  readonly pValue: number
  /** Corrected for the false discovery rate over all slices that were looked at. */
  readonly adjustedPValue: number
}

/** The search for the slices where the candidate does worst: for the reviewer, no part of the decision. */
export interface SliceSearch {
  /** The per-example score that it compared: `accuracy`, `log-loss`, `squared-error`, … */
  readonly score: string
  /** `difference`: candidate against baseline; `rest`: the slice against all other examples. */
  readonly against: 'difference' | 'rest'
  readonly columns: readonly string[]
  /** Slices that were tested. */
  readonly tested: number
  readonly minSize: number
  /** The false discovery rate that `found` is held to. */
  readonly rate: number
  /** Worst first by the lower end of the harm's interval, at most 10; slices that share their rows once. */
  readonly found: readonly FoundSlice[]
  /** Columns that a slice could combine. */
  readonly depth?: number | undefined
  /** Columns that were not searched, and why. */
  readonly skipped?:
    | readonly {
        readonly column: string
        readonly reason: 'too-many-values' | 'too-many-columns'
      }[]
    | undefined
}

/** Counts by true class (rows) and predicted class (columns); the last class may be `(all others)`. */
export interface ConfusionMatrices {
  readonly classes: readonly string[]
  readonly candidate: readonly (readonly number[])[]
  readonly baseline: readonly (readonly number[])[] | null
}

/** One bin of a calibration curve, with the Wilson interval of the observed share. */
export interface CalibrationBin {
  readonly meanScore: number
  readonly observed: number
  readonly n: number
  readonly low: number
  readonly high: number
}

/** Counts between consecutive edges, one more edge than counts; what lies beyond the edges is in the outer bins. */
export interface Histogram {
  readonly edges: readonly number[]
  readonly candidate: readonly number[]
  readonly baseline: readonly number[] | null
}

/** A group of a fairness rule: what the gap is made of, with Wilson intervals. */
export interface GroupRate {
  readonly column: string
  readonly group: string | null
  /** What the rate is a share of: of a true-positive rate the group's positives. */
  readonly n: number
  /** `selection-rate`, `true-positive-rate`, `false-positive-rate`, `accuracy`. */
  readonly rate: string
  readonly candidate: { readonly value: number; readonly low: number; readonly high: number } | null
  readonly baseline: { readonly value: number; readonly low: number; readonly high: number } | null
}

/** What a reviewer looks at beside the checks. Aggregates only, but for ids of examples that the models disagree on. */
export interface Diagnostics {
  readonly confusion: ConfusionMatrices | null
  readonly calibration: {
    readonly candidate: readonly CalibrationBin[]
    readonly baseline: readonly CalibrationBin[] | null
  } | null
  /** Scores of the positive examples and of the others. */
  readonly scores: { readonly positive: Histogram; readonly negative: Histogram } | null
  /** Prediction minus label, in regression. */
  readonly errors: Histogram | null
  readonly disagreement: {
    readonly bothRight: number
    readonly candidateOnly: number
    readonly baselineOnly: number
    readonly bothWrong: number
    /** Ids of the first examples that only one model has right, at most 20 a list, in the order of ids. */
    readonly candidateOnlyIds: readonly string[]
    readonly baselineOnlyIds: readonly string[]
    /** With `show-examples: true`, those examples' columns as text, keyed by id. */
    readonly examples?:
      | Readonly<Record<string, Readonly<Record<string, string | null>>>>
      | undefined
  } | null
  readonly groups: readonly GroupRate[]
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
  readonly diagnostics?: Diagnostics | undefined
  readonly sliceSearch?: SliceSearch | undefined
}

export interface BaselineIdentity {
  readonly source: string
  readonly digest?: string | undefined
  readonly ageDays?: number | null | undefined
  /** From `baseline-max-age`; an older baseline is worth a warning. */
  readonly maxAgeDays?: number | undefined
}

/** Where the rules came from. */
export interface PolicySource {
  /** `base`: the pull request's base branch; `head`: the checked-out files. */
  readonly ref: 'base' | 'head'
  readonly commit: string | null
  readonly path: string
  /** Lines of the gate section that the pull request changes: `-` as on the base branch, `+` as proposed. */
  readonly changes: readonly string[]
}

/** A person's decision to let the change pass in spite of the verdict. `decision` stays what the numbers say. */
export interface Override {
  readonly by: string
  readonly reason: string
  readonly at: string
  /** Where it was said. */
  readonly url: string | null
  /** The commit that it is for: a later one is not overridden. */
  readonly commit: string
}

/** The predicate of a verdict statement. */
export interface VerdictPredicate extends VerdictBody {
  readonly baseline: BaselineIdentity | null
  readonly policySource?: PolicySource | undefined
  readonly overrides?: readonly Override[] | undefined
  /** The run's commit and pull request, so that a report can tell an old verdict from the head's. */
  readonly change?:
    | { readonly commit: string | null; readonly pullRequest: number | null }
    | undefined
  readonly inputs?: readonly { readonly predicateType: string; readonly digest: string }[]
}
