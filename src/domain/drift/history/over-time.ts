import type { Decision } from '../../decision.js'
import { labelOf } from '../label.js'
import type { ColumnStatus, DriftColumn, DriftPredicateBody } from '../predicate.js'
import { columnOfEntry, type EntryState, type HistoryEntry } from './entry.js'

const MOST_WINDOWS = 100
const MOST_COLUMNS = 10
const MOST_COURSES = 20

/** One window of the drawing. */
export interface HistoryPoint {
  readonly window: string
  readonly at: string
  readonly state: EntryState
  readonly decision: Decision
  /** How many columns there were, drifted, and drifted without being confirmed. */
  readonly columns: number
  readonly drifted: number
  readonly unconfirmed: number
  readonly driftedShare: number
  readonly rows: number
  /** Of the columns that are drawn, in their order; null where there was no number. */
  readonly distances: readonly (number | null)[]
}

/** What became of a column, window by window. */
export interface ColumnCourse {
  readonly name: string
  /** Of each window, in their order; null where the window says nothing of the column. */
  readonly statuses: readonly (ColumnStatus | null)[]
}

/** Drift over time, for the report. */
export interface DriftHistory {
  /** The columns that are drawn: those that drifted now, then those nearest to their limit. */
  readonly columns: readonly {
    readonly name: string
    readonly distance: string
    readonly threshold: number
  }[]
  /** The last 100 at most, the oldest first. */
  readonly windows: readonly HistoryPoint[]
  /** The columns that drifted in any of these windows, those first that did most often; 20 at most. */
  readonly courses?: readonly ColumnCourse[] | undefined
}

/**
 * What the report draws of the history, of which the window just judged is one. Undefined with fewer than two windows:
 * one is no course.
 */
export function historyOf(
  entries: readonly HistoryEntry[],
  body: DriftPredicateBody,
): DriftHistory | undefined {
  if (entries.length < 2) return undefined
  const last = entries.slice(-MOST_WINDOWS)
  const shown = [...body.columns]
    .sort((a, b) => RANK[a.status] - RANK[b.status] || excess(b) - excess(a))
    .flatMap(({ name, distance }) => (distance === null ? [] : [{ name, distance }]))
    .slice(0, MOST_COLUMNS)
  return {
    columns: shown.map(({ name, distance }) => ({
      name,
      distance: distance.name,
      threshold: distance.threshold,
    })),
    windows: last.map((entry) =>
      pointOf(
        entry,
        shown.map(({ name }) => name),
      ),
    ),
    courses: coursesOf(last),
  }
}

function coursesOf(entries: readonly HistoryEntry[]): readonly ColumnCourse[] {
  const times = new Map<string, number>()
  for (const { columns } of entries)
    for (const [name, { status }] of Object.entries(columns))
      if (moved(status)) times.set(name, (times.get(name) ?? 0) + 1)
  return [...times]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_COURSES)
    .map(([name]) => ({
      name: labelOf(name),
      statuses: entries.map((entry) => columnOfEntry(entry, name)?.status ?? null),
    }))
}

function moved(status: ColumnStatus): boolean {
  return status === 'drifted' || status === 'unconfirmed'
}

const RANK: Readonly<Record<ColumnStatus, number>> = {
  drifted: 0,
  unconfirmed: 1,
  inconclusive: 2,
  stable: 3,
}

function excess({ distance }: DriftColumn): number {
  if (distance === null || distance.value === null) return 0
  return distance.value / Math.max(distance.threshold, Number.EPSILON)
}

function pointOf(entry: HistoryEntry, names: readonly string[]): HistoryPoint {
  const all = Object.values(entry.columns)
  const { window, at, state, decision, driftedShare, rows } = entry
  return {
    window: labelOf(window),
    at: labelOf(at),
    state,
    decision,
    columns: all.length,
    drifted: all.filter(({ status }) => status === 'drifted').length,
    unconfirmed: all.filter(({ status }) => status === 'unconfirmed').length,
    driftedShare,
    rows: rows.current,
    distances: names.map((name) => columnOfEntry(entry, name)?.distance ?? null),
  }
}
