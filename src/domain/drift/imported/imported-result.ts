import type { ColumnKind } from '../tests/index.js'

/** What another monitor says of one column; null is what it does not say. */
export interface ImportedColumn {
  readonly name: string
  readonly kind: ColumnKind
  /** As the monitor calls it. */
  readonly test: string | null
  /** A distance, or the statistic of a test. */
  readonly statistic: number | null
  readonly pValue: number | null
  /** What the p-value must be over, or the statistic under. */
  readonly limit: number | null
  /** As the monitor judged it; null where neither it nor its documented rule says. */
  readonly drifted: boolean | null
  /** Whether the monitor says so itself; else its documented rule was applied to what it says. */
  readonly stated: boolean
}

/** Who made the results. */
export interface ImportedSource {
  readonly kind: 'evidently-json' | 'alibi-detect'
  /** As people call it. */
  readonly monitor: string
  readonly version: string | null
}

export interface ImportedResult {
  readonly source: ImportedSource
  readonly columns: readonly ImportedColumn[]
}
