import type { DriftColumn, Sides } from '../predicate.js'

type PerformanceStatus = 'drifted' | 'stable' | 'inconclusive'

/** A status with what it rests on, in words. */
export interface Judgement {
  readonly status: PerformanceStatus
  readonly reason: string
}

/** A number with its interval; the ends are null where there are none. */
export interface Valued {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

interface MetricMargin {
  readonly value: number
  /** True where it is a share of the reference's value. */
  readonly relative: boolean
}

/** A metric from labels: the current data against the reference. */
export interface RealisedMetric extends Judgement {
  readonly reference: Valued | null
  readonly current: Valued | null
  /** Current minus reference. */
  readonly difference: number | null
  /** Of the difference, or of the ratio where the margin is a share of the reference's value. */
  readonly interval: {
    readonly of: 'difference' | 'ratio'
    readonly level: number
    readonly low: number
    readonly high: number
    readonly method: string
  } | null
  /** Of the claim that it is worse by more than the margin; corrected over the metrics. */
  readonly pValue: number | null
  readonly adjustedPValue: number | null
}

/** `trusted`: on held-out reference rows the estimate agreed with labels, within error or the margin. */
type Trust = 'trusted' | 'not-trusted' | 'unverified'

/** A metric without labels: what the scores let expect, if they mean what they meant in the reference. */
export interface EstimatedMetric extends Judgement {
  readonly current: Valued | null
  /** The estimate minus the reference's realised value. */
  readonly difference: number | null
  readonly trust: Trust
  /** On reference rows that the calibration has not seen: the same estimate beside what labels showed. */
  readonly heldOut: {
    readonly estimated: number
    readonly realised: number
    /** Interval of realised minus estimated. */
    readonly low: number
    readonly high: number
  } | null
}

export interface MetricResult extends Judgement {
  readonly name: string
  readonly direction: 'higher' | 'lower'
  readonly average: string | null
  readonly margin: MetricMargin
  /** What the status rests on: labels, or an estimate without them. */
  readonly basis: 'realised' | 'estimated' | 'none'
  readonly realised: RealisedMetric
  readonly estimated: EstimatedMetric | null
}

interface WindowMetric extends Judgement {
  readonly name: string
  readonly realised: Valued | null
  readonly estimated: Valued | null
}

export interface WindowResult {
  readonly label: string
  readonly start: string | number | null
  readonly end: string | number | null
  readonly rows: number
  readonly labelled: number
  /** Each in itself, without a correction for the number of windows: for the chart, no part of the decision. */
  readonly metrics: readonly WindowMetric[]
}

/** A test that may be looked at after every window and keeps its level over all looks. */
export interface SequentialResult extends Judgement {
  readonly metric: string
  readonly method: 'binomial-e-process' | 'betting'
  /** Half of it is spent on the reference's own error. */
  readonly alpha: number
  /** The mean loss in the reference, and the largest that it may be. */
  readonly reference: { readonly value: number; readonly high: number }
  /** The mean loss that must be exceeded for certain. */
  readonly bound: number
  readonly looks: readonly {
    readonly label: string
    readonly n: number
    readonly loss: number | null
    /** Natural logarithm of the evidence so far; an alarm at log(2 / alpha). */
    readonly logEValue: number
  }[]
  /** The window after which the alarm was raised. */
  readonly alarm: { readonly label: string; readonly window: number } | null
}

export interface CalibrationCheck {
  readonly n: number
  /** Mean distance of expected and observed shares over bins of equal count. */
  readonly error: number
  /** What a perfectly calibrated score would show on so many rows. */
  readonly noiseFloor: number
  /** Hosmer and Lemeshow's chi-square, and Spiegelhalter's z; the smallest over the classes, times their number. */
  readonly binsPValue: number
  readonly spiegelhalterPValue: number
  readonly calibrated: boolean
}

export interface CalibrationResult {
  readonly method: 'none' | 'isotonic'
  readonly scores: CalibrationCheck
  /** On reference rows that the calibration has not seen; null where none was needed. */
  readonly heldOut: CalibrationCheck | null
}

export interface ConceptResult extends Judgement {
  /** What labels show and what the scores (in regression: the predictions) let expect in the current rows. */
  readonly loss: string | null
  readonly realised: number | null
  readonly expected: number | null
  /** Interval of realised minus expected, beyond that of the reference. */
  readonly low: number | null
  readonly high: number | null
  readonly pValue: number | null
  /** Root mean square change of the outcome at the same score, without what chance alone would show. */
  readonly distance: number | null
  readonly threshold: number
  /** The labels' shares alone explain the change. */
  readonly explainedByLabels: boolean
}

export interface ColumnsResult extends Judgement {
  readonly columns: readonly DriftColumn[]
}

export interface PerformanceResult extends Judgement {
  readonly task: 'classification' | 'regression'
  readonly level: 'fail' | 'warn'
  readonly confidence: number
  readonly alpha: number
  readonly rows: Sides
  readonly labelled: Sides
  /** Shares of rows whose label is known; null without rows. */
  readonly labelCoverage: { readonly reference: number | null; readonly current: number | null }
  readonly classes: readonly string[]
  readonly positive: string | null
  readonly metrics: readonly MetricResult[]
  readonly windows: readonly WindowResult[]
  readonly sequential: SequentialResult | null
  readonly calibration: CalibrationResult | null
  readonly predictions: ColumnsResult
  readonly labels: ColumnsResult | null
  readonly covariates: (Judgement & { readonly driftedShare: number | null }) | null
  readonly concept: ConceptResult
  /** One to three sentences: which kind of change it is. */
  readonly explanation: string
  /** What a reader must know to believe the numbers. */
  readonly notes: readonly string[]
}
