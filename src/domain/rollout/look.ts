import type { AnalysisRow } from './analysis.js'
import type { Reason } from './reason.js'

export interface Look {
  /**
   * `promote`: to the next stage, or, at the last one, for good. `inconclusive`: the horizon of this stage has
   * passed without evidence either way.
   */
  readonly status: 'continue' | 'promote' | 'rollback' | 'inconclusive'
  /** `aborted`: nothing was found out about the model, because the measurement itself is broken. */
  readonly ending: 'rolled-back' | 'aborted' | undefined
  /** The stage to go on to, where it is not the one after this; only with `promote`. */
  readonly next?: number | undefined
  readonly reasons: readonly Reason[]
  readonly analysis: readonly AnalysisRow[]
}
