import type { AnalysisRow } from '../analysis.js'
import type { Interval } from '../observation.js'
import type { DisagreementState } from './disagreement.js'
import type { LogLatencyState } from './log-latency.js'
import type { PairState } from './paired.js'
import type { RatioState } from './ratio.js'
import type { SoakState } from './soak.js'

/** The evidence of one metric (and slice) of a rollout, interval by interval: what it keeps does not grow with them. */
export interface RowEvidence {
  update(interval: Interval): void
  /** What is known by now. */
  look(): AnalysisRow
  /** Plain JSON, to go on from after an interruption. */
  readonly state: RowState
}

export type RowState = RatioState | PairState | DisagreementState | LogLatencyState | SoakState
