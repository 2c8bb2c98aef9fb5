import { looksLikeText, looksPrivate } from '../text/looks-like.js'
import { inBuckets } from './buckets.js'
import type { CategoricalSummary, ColumnSummary, NumericSummary } from './summary.js'

/** What can stand for a data set in later comparisons: plain JSON. */
export interface Profile {
  readonly modelwayProfile: 1
  /** The files it was made of. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[]
  readonly rows: number
  /** Categories of fewer rows than this are not named. */
  readonly minCount: number
  readonly columns: readonly ProfileColumn[]
  /** Columns whose content is not in the profile, and why. */
  readonly omitted: readonly { readonly name: string; readonly reason: string }[]
}

export type ProfileColumn = ProfileNumbers | ProfileCategories

export interface ProfileNumbers {
  readonly kind: 'numeric'
  readonly name: string
  readonly type: NumericSummary['type']
  readonly rows: number
  readonly missing: number
  readonly infinities: number
  /** Of these; older profiles do not say it. */
  readonly negativeInfinities?: number | undefined
  readonly mean: number | null
  readonly deviation: number | null
  readonly allDiffer: boolean
  readonly rankError: number
  readonly ends: readonly number[]
  readonly counts: readonly number[]
  readonly places?: readonly number[] | undefined
}

export interface ProfileCategories {
  readonly kind: 'categorical'
  readonly name: string
  readonly type: CategoricalSummary['type']
  readonly rows: number
  readonly missing: number
  readonly categories: readonly string[]
  readonly counts: readonly number[]
  /** Rows of categories that are not named. */
  readonly others: number
  readonly isSample: boolean
}

export interface ProfileFacts {
  readonly files: Profile['files']
  readonly rows: number
  /** Categories of fewer rows than this are not named. */
  readonly minCount: number
  /** Timestamps whose values are kept; of others only how many are missing. */
  readonly times?: ReadonlySet<string> | undefined
}

/** Categories named at most, the most frequent. */
const MOST_CATEGORIES = 100_000
/** Where more of the rows than this would have no name, the column would say nothing. */
const MOST_UNNAMED = 0.5

/**
 * A profile of columns. Free texts and identifiers are left out, since each of them is somebody's; of other categories those with fewer
 * than `minCount` rows are pooled.
 */
export function profileOf(
  summaries: readonly ColumnSummary[],
  { times, ...facts }: ProfileFacts,
): Profile {
  const columns: ProfileColumn[] = []
  const omitted: { name: string; reason: string }[] = []
  for (const summary of summaries) {
    const column =
      summary.kind === 'numeric'
        ? numbers(withoutTimes(summary, times))
        : categories(summary, facts.minCount)
    if (typeof column === 'string') omitted.push({ name: summary.name, reason: column })
    else columns.push(column)
  }
  return { modelwayProfile: 1, ...facts, columns, omitted }
}

function numbers(summary: NumericSummary): ProfileNumbers {
  const { name, type, rows, missing, allDiffer, ...held } = inBuckets(summary)
  const { infinities, negativeInfinities } = held
  return {
    ...{ kind: 'numeric', name, type, rows, missing, infinities, allDiffer },
    ...(negativeInfinities === undefined ? {} : { negativeInfinities }),
    mean: finiteOrNull(held.mean),
    deviation: finiteOrNull(held.deviation),
    rankError: held.rankError,
    ends: [...held.ends],
    counts: [...held.counts],
    ...(held.places === undefined ? {} : { places: [...held.places] }),
  }
}

/** When something happened may tell whose it is, and time moves on anyway. */
function withoutTimes(
  summary: NumericSummary,
  times: ReadonlySet<string> | undefined,
): NumericSummary {
  if (summary.type !== 'timestamp' || times?.has(summary.name) === true) return summary
  const none = { mean: undefined, deviation: undefined, places: undefined, allDiffer: false }
  return { ...summary, ...none, ends: new Float64Array(0), counts: new Float64Array(0) }
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}

/** The column, or why it is not in the profile. */
function categories(summary: CategoricalSummary, minCount: number): ProfileCategories | string {
  const { name, type, rows, missing, categories: all, counts, isSample } = summary
  if (looksLikeText(all, counts)) return 'free text is not kept in a profile'
  if (looksPrivate(all, counts)) return 'identifiers are not kept in a profile'
  const order = [...all.keys()].filter((i) => (counts[i] ?? 0) >= minCount)
  order.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || compare(all[a], all[b]))
  const kept = order.slice(0, MOST_CATEGORIES)
  const total = summary.others + counts.reduce((sum, count) => sum + count, 0)
  const named = kept.reduce((sum, i) => sum + (counts[i] ?? 0), 0)
  if (total - named > total * MOST_UNNAMED) {
    return `most of its values occur in fewer than ${minCount} rows, and such are not kept in a profile`
  }
  return {
    ...{ kind: 'categorical', name, type, rows, missing, isSample },
    categories: kept.map((i) => all[i] ?? ''),
    counts: kept.map((i) => counts[i] ?? 0),
    others: total - named,
  }
}

function compare(a = '', b = ''): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The columns of a profile, to be compared. */
export function summariesOfProfile({ columns }: Profile): readonly ColumnSummary[] {
  return columns.map((column): ColumnSummary => {
    if (column.kind === 'categorical') {
      return { ...column, counts: Float64Array.from(column.counts) }
    }
    return {
      ...column,
      mean: column.mean ?? undefined,
      deviation: column.deviation ?? undefined,
      ends: Float64Array.from(column.ends),
      counts: Float64Array.from(column.counts),
      places: column.places && Float64Array.from(column.places),
    }
  })
}
