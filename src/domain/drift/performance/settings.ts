import type { RandomSource } from '../../stats/random.js'
import type { Table } from '../../table/column.js'

/** The `drift.performance` section, with the keys that users write. */
export interface PerformanceSettings {
  readonly task: 'classification' | 'regression'
  readonly prediction?: string | undefined
  /** The column of the probability of the positive class. */
  readonly score?: string | undefined
  /** Columns of probabilities by class. */
  readonly scores?: Readonly<Record<string, string>> | undefined
  readonly label?: string | undefined
  readonly positive?: string | number | boolean | undefined
  readonly threshold: number
  readonly metrics?: readonly string[] | undefined
  /** In the metric's own unit. */
  readonly margin?: number | undefined
  /** As a share of the reference's value. */
  readonly 'relative-margin'?: number | undefined
  readonly confidence: number
  readonly level: 'fail' | 'warn'
}

/** What a window of the current data is called, and from when to when it is. */
export interface WindowName {
  readonly label: string
  /** Milliseconds since the epoch, or as the caller writes times; null where there is no time. */
  readonly start?: string | number | null | undefined
  readonly end?: string | number | null | undefined
}

export interface PerformanceWindow extends WindowName {
  readonly table: Table
}

/** What the comparison of the inputs found, to be told together with performance. */
export interface CovariateDrift {
  readonly status: 'drifted' | 'stable' | 'inconclusive'
  readonly driftedShare?: number | undefined
}

export interface PerformanceRequest {
  readonly settings: PerformanceSettings
  /** One table, or several windows of the reference. */
  readonly reference: Table | readonly Table[]
  /** In the order of time; one where there is no time. */
  readonly current: readonly PerformanceWindow[]
  /** The level of all tests together; of the sequential test over all looks. */
  readonly alpha: number
  readonly covariates?: CovariateDrift | undefined
  /** For bootstrap intervals and the folds of the calibration. */
  readonly random: RandomSource
}

/** Fewer labelled rows than this say nothing about performance. */
export const FEWEST_LABELS = 30

/** Where the settings have no margin. */
export const USUAL_CONCEPT_MARGIN = 0.02

const USUAL_METRICS = {
  classification: ['accuracy', 'auc', 'log-loss'],
  regression: ['mae', 'rmse'],
} as const

/** The metrics that are asked for, each once; those usual for the task unless given. Without scores only accuracy is usual. */
export function metricsOf(settings: PerformanceSettings): readonly string[] {
  if (settings.metrics !== undefined) return [...new Set(settings.metrics)]
  const usual = USUAL_METRICS[settings.task]
  const scored = settings.score !== undefined || settings.scores !== undefined
  return settings.task === 'regression' || scored ? usual : ['accuracy']
}

export function tablesOf(reference: Table | readonly Table[]): readonly Table[] {
  return isList(reference) ? reference : [reference]
}

function isList(reference: Table | readonly Table[]): reference is readonly Table[] {
  return Array.isArray(reference)
}
