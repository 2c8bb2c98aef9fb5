import type { HealthResult } from '../../drift/health/index.js'
import type { DriftHistory } from '../../drift/history/over-time.js'
import type { OperationalResult } from '../../drift/monitoring/operational-result.js'
import type { MultivariateResult } from '../../drift/multivariate/result.js'
import type {
  Judgement,
  PerformanceResult,
  SequentialResult,
} from '../../drift/performance/result.js'
import type { DriftColumn, DriftPredicateBody, Sides } from '../../drift/predicate.js'

/** A column as it is shown: judged just now, or read from a statement, perhaps of an older release. */
export interface ShownColumn
  extends Pick<DriftColumn, 'name' | 'kind' | 'critical' | 'reason' | 'test' | 'statistic'>,
    Pick<DriftColumn, 'pValue' | 'adjustedPValue' | 'psi' | 'js' | 'nulls' | 'newCategories'>,
    Pick<DriftColumn, 'drifted' | 'histogram' | 'status'> {
  readonly distance: {
    readonly name: string
    readonly value: number | null
    readonly threshold: number
    readonly noise?: number | null | undefined
    readonly detectable?: number | null | undefined
  } | null
  readonly values?: Sides | undefined
  readonly nullTest?: DriftColumn['nullTest'] | undefined
  readonly infinities?: Sides | undefined
  readonly newCategoryCount?: number | undefined
  readonly vanishedCategories?: readonly string[] | undefined
  readonly vanishedCategoryCount?: number | undefined
  readonly newShare?: number | undefined
  readonly rankError?: number | undefined
  readonly details?: readonly string[] | undefined
  readonly against?: DriftColumn['against']
}

/** A window before this one in brief. */
interface ShownWindow extends Pick<DriftPredicateBody, 'decision' | 'driftedShare' | 'rows'> {
  /** `from/to` in ISO 8601. */
  readonly window: string | null
  readonly drifted: readonly string[]
}

/** What a reader needs of columns of predictions and labels. */
type ShownColumns = Judgement & {
  readonly columns: readonly Pick<DriftColumn, 'name' | 'status' | 'reason'>[]
}

export type ShownSequential = Omit<SequentialResult, 'method'> & { readonly method: string }

export interface ShownPerformance
  extends Omit<PerformanceResult, 'predictions' | 'labels' | 'sequential'> {
  readonly sequential: ShownSequential | null
  readonly predictions: ShownColumns
  readonly labels: ShownColumns | null
}

interface ShownTrigger {
  readonly kind: string
  readonly fired: boolean
  readonly failed?: boolean | undefined
  readonly reason?: string | undefined
  readonly target?: string | undefined
  readonly key?: string | undefined
  readonly at?: string | undefined
  readonly url?: string | undefined
}

/** A drift check's result as it is shown: made just now, or read from a statement, perhaps of an older release. */
export interface DriftReport
  extends Pick<DriftPredicateBody, 'decision' | 'reason' | 'rows' | 'driftedShare' | 'alpha'> {
  readonly correction: string
  readonly inconclusiveShare?: number | undefined
  readonly minShare?: number | undefined
  readonly engine?: string | undefined
  readonly columns: readonly ShownColumn[]
  readonly findings: readonly {
    readonly kind: string
    readonly column: string
    readonly detail: string
  }[]
  readonly reference?:
    | { readonly files: readonly { readonly path: string; readonly sha256: string }[] }
    | undefined
  readonly triggers?: readonly ShownTrigger[] | undefined
  /** Whether there was something to judge: no data is not no drift. */
  readonly state?: 'judged' | 'no-data' | 'late' | undefined
  readonly window?: string | null | undefined
  /** Windows before this one, the oldest first. */
  readonly earlier?: readonly ShownWindow[] | undefined
  /** The windows of the history file, this one included. */
  readonly history?: DriftHistory | undefined
  readonly multivariate?: MultivariateResult | undefined
  readonly performance?: ShownPerformance | undefined
  readonly health?: HealthResult | undefined
  readonly operational?: readonly OperationalResult[] | undefined
  readonly source?:
    | { readonly kind: string; readonly monitor: string; readonly version: string | null }
    | undefined
}
