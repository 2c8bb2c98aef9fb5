import type { Decision } from '../../decision.js'
import type { ColumnStatus, DriftColumn, DriftPredicateBody, Sides } from '../predicate.js'

/** What one column came to in one window. */
export interface ColumnEntry {
  readonly status: ColumnStatus
  readonly distance: number | null
  readonly threshold: number | null
  readonly adjustedPValue: number | null
}

/** Whether there was something to judge. */
export type EntryState = 'judged' | 'no-data' | 'late'

/** One line of the history: what one window came to. */
export interface HistoryEntry {
  readonly schema_version: 1
  /** Both ends of the window in ISO 8601, `start/end`; of data that is not cut by time a name of the run. */
  readonly window: string
  /** When it was judged, in ISO 8601. */
  readonly at: string
  readonly state: EntryState
  readonly decision: Decision
  readonly rows: Sides
  readonly driftedShare: number
  /** By name. */
  readonly columns: Readonly<Record<string, ColumnEntry>>
}

/** One window's result, and what it is called in the history. */
export interface WindowResult {
  readonly name: string
  readonly body: DriftPredicateBody
}

/** What is kept of a window. `at` is when it was judged, in ISO 8601. */
export function entryOf(
  { name, body }: WindowResult,
  { at, state }: { readonly at: string; readonly state: EntryState },
): HistoryEntry {
  const { decision, rows, driftedShare, columns } = body
  return {
    schema_version: 1,
    window: name,
    at,
    state,
    decision,
    rows,
    driftedShare: short(driftedShare) ?? 0,
    columns: Object.fromEntries(columns.map((column) => [column.name, columnEntry(column)])),
  }
}

function columnEntry({ status, distance, adjustedPValue }: DriftColumn): ColumnEntry {
  return {
    status,
    distance: short(distance?.value),
    threshold: short(distance?.threshold),
    adjustedPValue: short(adjustedPValue),
  }
}

/** Six digits: the history is for counting and drawing, and has a line a window. */
function short(value: number | null | undefined): number | null {
  if (value === null || value === undefined || !Number.isFinite(value)) return null
  return Number(value.toPrecision(6))
}

/** Of a column; undefined where the window says nothing of it. A column may be called `constructor`. */
export function columnOfEntry(entry: HistoryEntry, name: string): ColumnEntry | undefined {
  return Object.hasOwn(entry.columns, name) ? entry.columns[name] : undefined
}

/** The ends of a window in milliseconds since 1970, from its name; undefined where that is no window of time. */
export function spanOf(name: string): { readonly start: number; readonly end: number } | undefined {
  const [from, to, ...more] = name.split('/')
  if (from === undefined || to === undefined || more.length > 0) return undefined
  if (!ISO.test(from) || !ISO.test(to)) return undefined
  const start = Date.parse(from)
  const end = Date.parse(to)
  return start < end ? { start, end } : undefined
}

const ISO = /^[+-]?\d{4,6}-\d\d-\d\dT[\d:.]+Z$/
