import type { VerdictPredicate } from '../../gate/verdict.js'

/** Whom a verdict was compared with, as the gate knows it or as the statement says it. */
export interface ShownBaseline {
  readonly source: string
  readonly digest?: string | null | undefined
  /** Negative for a baseline from the future. */
  readonly ageDays?: number | null | undefined
  /** From `baseline-max-age`. */
  readonly maxAgeDays?: number | undefined
}

/** A verdict as it is shown: made just now, or read from a statement, perhaps of an older release. */
export interface ShownVerdict extends Omit<VerdictPredicate, 'baseline' | 'policy' | 'inputs'> {
  readonly baseline: ShownBaseline | null
  readonly policy?: VerdictPredicate['policy'] | undefined
  readonly inputs?:
    | readonly { readonly predicateType: string; readonly digest: string }[]
    | undefined
  /** The candidate's file of predictions. */
  readonly predictions?: { readonly path: string; readonly sha256: string } | null | undefined
}
