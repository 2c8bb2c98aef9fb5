import type { Expectations } from '../../quality/check.js'
import type { RandomSource } from '../../stats/random.js'
import type { Table } from '../../table/column.js'
import type { HealthReference } from './reference.js'

/** What a breach means. */
export type HealthLevel = 'fail' | 'warn'

interface Range {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

export interface DuplicatesRule {
  readonly key?: readonly string[] | undefined
  readonly 'max-share': number
  readonly level: HealthLevel
}

export interface FreshnessRule {
  readonly column: string
  /** Milliseconds. */
  readonly 'max-age': number
  readonly level: HealthLevel
}

export interface VolumeRule {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly history: boolean
  readonly level: HealthLevel
}

export interface RangesRule {
  readonly 'max-share': number
  readonly columns: Readonly<Record<string, Range>>
  readonly level: HealthLevel
}

export interface OutliersRule {
  readonly method: 'robust-z' | 'isolation-forest'
  readonly over: number
  readonly contamination: number
  readonly 'max-share': number
  readonly level: HealthLevel
}

/** The `drift.health` section's rules, with the keys that users write; what is not given is not checked. */
export interface HealthPolicy {
  readonly schema?: { readonly level: HealthLevel } | undefined
  readonly duplicates?: DuplicatesRule | undefined
  readonly freshness?: FreshnessRule | undefined
  readonly volume?: VolumeRule | undefined
  readonly ranges?: RangesRule | undefined
  readonly outliers?: OutliersRule | undefined
}

/** How the columns of the current data differ from those of the reference. */
export interface SchemaFacts {
  readonly added: readonly string[]
  readonly gone: readonly string[]
  readonly changed: readonly {
    readonly column: string
    readonly reference: string
    readonly current: string
  }[]
}

/** The rows of a window that was checked before. */
export interface EarlierVolume {
  readonly rows: number
  /** Where the window begins, in milliseconds since the epoch; null where windows have no time. */
  readonly start: number | null
}

export interface HealthRequest {
  readonly policy: HealthPolicy
  readonly current: Table
  /** What is known of the reference; undefined where only the current data is to be judged. */
  readonly reference?: HealthReference | undefined
  /** The columns whose ranges and outliers are judged; all that the reference knows, unless given. */
  readonly columns?: readonly string[] | undefined
  readonly schema?: SchemaFacts | undefined
  /** Earlier windows, in any order, and where the current one begins. */
  readonly volume?:
    | { readonly earlier: readonly EarlierVolume[]; readonly start: number | null }
    | undefined
  /** The data contract, and the files of the current data one by one (unless given, the data is one file). */
  readonly contract?:
    | { readonly expectations: Expectations; readonly files?: readonly Table[] | undefined }
    | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The corrected p-value from which an excess is more than chance. */
  readonly alpha: number
  readonly random: RandomSource
}
