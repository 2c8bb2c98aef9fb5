import type { HealthResult } from '../../domain/drift/health/index.js'
import type { DriftHistory } from '../../domain/drift/history/over-time.js'
import type { OperationalResult } from '../../domain/drift/monitoring/operational-result.js'
import type { MultivariateResult } from '../../domain/drift/multivariate/result.js'
import type { PerformanceResult } from '../../domain/drift/performance/index.js'
import type { DriftPredicateBody } from '../../domain/drift/predicate.js'
import type { Subject } from '../../statements/statement.js'
import type { TimeWindow } from '../../tabular/data-set/windows.js'

/** Whether there was something to judge: no data is not no drift. */
export type DataState = 'judged' | 'no-data' | 'late'

/** One window's result. */
export interface JudgedWindow {
  /** Undefined where the data is not cut by time. */
  readonly window: TimeWindow | undefined
  readonly body: DriftPredicateBody
}

/** What was found beside the columns' own distributions. */
export interface Extras {
  readonly multivariate?: MultivariateResult | undefined
  readonly performance?: PerformanceResult | undefined
  readonly health?: HealthResult | undefined
  readonly operational?: readonly OperationalResult[] | undefined
}

/** The columns' comparison, whatever computed it. */
export interface Judged {
  readonly state: DataState
  /** The window that decides; its body is of no columns where there is nothing to judge. */
  readonly last: JudgedWindow
  /** The windows before it, the oldest first. */
  readonly earlier: readonly JudgedWindow[]
  readonly subject: readonly Subject[]
  /** What the reference was read from. */
  readonly reference: readonly Subject[]
  readonly extras: Extras
  /** What earlier runs and windows came to. */
  readonly history?: DriftHistory | undefined
}
