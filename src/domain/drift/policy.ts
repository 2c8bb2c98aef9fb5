import type { Correction } from '../stats/multiplicity.js'
import { type Chance, type Learned, learnedColumn, learnedLimit } from './learning/learned.js'
import type { ColumnKind } from './tests/index.js'

/** What a column is compared as. Numbers and categories may be compared by any test, the others have their own. */
export type DriftKind = ColumnKind | 'text' | 'datetime' | 'vector'

/** The `drift` section's rules, with the keys that users write. */
export interface DriftPolicy {
  readonly columns: {
    readonly numeric: readonly string[]
    readonly categorical: readonly string[]
    readonly text: readonly string[]
    readonly datetime: readonly string[]
    readonly ignore: readonly string[]
    /** Drift of any of these fails the data set. */
    readonly critical: readonly string[]
    /** Weights in `min-share`; with any, columns that are not named count 0. */
    readonly importance: Readonly<Record<string, number>>
  }
  /** `numeric` and `categorical` for all columns of a kind; any other key is a column. */
  readonly tests: Readonly<Record<string, string>>
  /** By name of a distance, and `null-rate` for the change of the share of missing cells. */
  readonly thresholds: Readonly<Record<string, number | undefined>>
  /** Where random draws start from. */
  readonly rows: { readonly seed: number }
  readonly alpha: number
  readonly correction: Correction
  readonly 'min-share': number
  /** Thresholds from the history of the reference: they go before the configured ones. */
  readonly learned?: Learned | undefined
}

/** With fewer usable values than this in either sample neither tests nor the noise of distances can be relied on. */
export const FEWEST_VALUES = 30

const DEFAULT_NEW_CATEGORIES = 0.001

const DEFAULT_NULL_RATE = 0.05

/** For a distance that is named as a test without a threshold. `wasserstein` has a unit, so it needs one. */
const USUAL_THRESHOLDS: Readonly<Record<string, number>> = {
  'wasserstein-normalised': 0.1,
  'jensen-shannon': 0.1,
  psi: 0.25,
  hellinger: 0.1,
  'total-variation': 0.1,
  'kullback-leibler': 0.1,
  'l-infinity': 0.1,
  'cramers-v': 0.1,
}

/** Which threshold a kind of column is held to when several are given: the first of these. */
const PREFERRED: Readonly<Record<ColumnKind, readonly string[]>> = {
  numeric: [
    'wasserstein-normalised',
    'wasserstein',
    'psi',
    'jensen-shannon',
    'hellinger',
    'total-variation',
    'kullback-leibler',
    'energy',
    'l-infinity',
  ],
  categorical: [
    'jensen-shannon',
    'psi',
    'hellinger',
    'total-variation',
    'kullback-leibler',
    'l-infinity',
    'cramers-v',
  ],
}

export interface DistanceRule {
  readonly name: string
  readonly threshold: number
}

/** The distance that a column must be over to count as drifted, and how far. */
export function distanceRule(policy: DriftPolicy, kind: ColumnKind): DistanceRule {
  for (const name of PREFERRED[kind]) {
    const threshold = own(policy.thresholds, name)
    if (threshold !== undefined) return { name, threshold }
  }
  return kind === 'numeric'
    ? { name: 'wasserstein-normalised', threshold: 0.1 }
    : { name: 'jensen-shannon', threshold: 0.1 }
}

/** The threshold of a distance that is used as the test itself; undefined where the user must give one. */
export function thresholdOf(policy: DriftPolicy, distance: string): number | undefined {
  return own(policy.thresholds, distance) ?? own(USUAL_THRESHOLDS, distance)
}

/** Something of each share that is judged beside the values: of missing, infinite and new cells. */
export interface OfShares<T> {
  readonly nulls: T
  readonly infinities: T
  readonly fresh: T
}

/**
 * How far the shares of missing and infinite cells may change, and how large that of new categories may be. What was
 * learned can raise these limits and never lowers them: a change too small to matter stays one.
 */
export function shareLimits(
  policy: DriftPolicy,
  column: string,
  chance: OfShares<Chance>,
): OfShares<number> {
  const nullRate = own(policy.thresholds, 'null-rate') ?? DEFAULT_NULL_RATE
  const usual = {
    nulls: nullRate,
    infinities: nullRate,
    fresh: own(policy.thresholds, 'new-categories') ?? DEFAULT_NEW_CATEGORIES,
  }
  const limit = (share: keyof OfShares<number>): number => {
    const learned = learnedColumn(policy.learned, column)?.[share]
    if (policy.learned === undefined || learned == null) return usual[share]
    return Math.max(usual[share], learnedLimit(learned, policy.learned.cutoff, chance[share]))
  }
  return { nulls: limit('nulls'), infinities: limit('infinities'), fresh: limit('fresh') }
}

/** The name of the test for a column: its own, or its kind's. */
export function testNameFor(policy: DriftPolicy, column: string, kind: ColumnKind): string {
  const isKindKey = column === 'numeric' || column === 'categorical'
  const named = isKindKey ? undefined : own(policy.tests, column)
  return named ?? own(policy.tests, kind) ?? (kind === 'numeric' ? 'ks' : 'chi-square')
}

/** The columns that the policy asks to be compared by their name, whatever they look like. */
export function comparedByName({ columns, tests }: DriftPolicy): ReadonlySet<string> {
  const { numeric, categorical, datetime, critical, importance } = columns
  const kinds = ['numeric', 'categorical']
  return new Set([
    ...[...numeric, ...categorical, ...datetime, ...critical],
    ...Object.keys(importance).filter((name) => (importance[name] ?? 0) > 0),
    ...Object.keys(tests).filter((name) => !kinds.includes(name)),
  ])
}

/** Whether the user says that the column holds texts or times, which are never read as numbers. */
export function comparedAsText({ columns }: DriftPolicy, column: string): boolean {
  const { categorical, text, datetime } = columns
  return [categorical, text, datetime].some((names) => names.includes(column))
}

/** A key that the record itself has: a column may be called `constructor`. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
