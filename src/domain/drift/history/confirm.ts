import { decideDataSet } from '../decide.js'
import type { DriftPolicy } from '../policy.js'
import type { ColumnStatus, DriftColumn } from '../predicate.js'
import { columnOfEntry, type HistoryEntry, spanOf, type WindowResult } from './entry.js'

/** Between two windows of one row at most so many may lie of which nothing is known. */
const MOST_MISSING = 1

interface ConfirmPolicy extends DriftPolicy {
  /** In how many windows in a row a column must drift. */
  readonly confirm: number
}

/**
 * Holds drift back until it lasted: a column counts as drifted in a window when it drifted there and in the
 * `confirm - 1` windows before it; until then it is `unconfirmed`, which warns and never fails. The windows before are
 * those of the same run and those of the history that are as long and lie before it; of data that is not cut by time,
 * the runs before this one.
 *
 * A window in which the column was stable ends the row. One of which nothing is known (it held no data, was late, was
 * never judged, or the column was inconclusive there) neither confirms nor ends it, as too little data is no answer; but
 * where more than one of them follow each other the row ends, since drift so far apart is not drift that lasted.
 *
 * `windows` are this run's, the oldest first; each comes back with its body decided anew.
 */
export function confirmDrift<W extends WindowResult>(
  policy: ConfirmPolicy,
  windows: readonly W[],
  earlier: readonly HistoryEntry[],
): readonly W[] {
  if (policy.confirm <= 1) return windows
  const known = knownWindows(windows, earlier)
  return windows.map((window, index) => {
    const { body } = window
    const now = known.own[index]
    if (body.columns.length === 0 || now === undefined) return window
    const before = beforeOf(now, known)
    const columns = body.columns.map((column) =>
      confirmColumn(column, policy.confirm, lastingOf(column.name, now, before)),
    )
    return { ...window, body: { ...body, ...decideDataSet(policy, columns), columns } }
  })
}

/** A window somewhere on the axis of windows: of time, or of runs, each of length 1. */
interface Placed {
  readonly start: number
  readonly end: number
  readonly timed: boolean
  /** Undefined where nothing is known of the column. */
  readonly statusOf: (column: string) => ColumnStatus | undefined
}

interface Known {
  readonly own: readonly Placed[]
  readonly earlier: readonly Placed[]
}

function knownWindows(windows: readonly WindowResult[], entries: readonly HistoryEntry[]): Known {
  const names = new Set(windows.map(({ name }) => name))
  const others = entries.filter(({ window }) => !names.has(window))
  const runs = others.filter(({ window }) => spanOf(window) === undefined)
  return {
    own: windows.map(({ name, body }, index) => {
      const statuses = new Map(body.columns.map((column) => [column.name, column.status]))
      return place(name, runs.length + index, (column) => statuses.get(column))
    }),
    earlier: others.map((entry) =>
      place(entry.window, runs.indexOf(entry), (column) => columnOfEntry(entry, column)?.status),
    ),
  }
}

function place(name: string, position: number, statusOf: Placed['statusOf']): Placed {
  const span = spanOf(name)
  if (span !== undefined) return { ...span, timed: true, statusOf }
  return { start: position, end: position + 1, timed: false, statusOf }
}

/** What lies before a window and is as long, the newest first. */
function beforeOf(now: Placed, { own, earlier }: Known): readonly Placed[] {
  const length = lengthOf(now)
  return [...earlier, ...own]
    .filter((one) => one.timed === now.timed && lengthOf(one) === length && one.end <= now.start)
    .sort((a, b) => b.start - a.start)
}

function lengthOf({ start, end }: Placed): number {
  return end - start
}

/** In how many windows in a row the column has drifted, this one included. */
function lastingOf(column: string, now: Placed, before: readonly Placed[]): number {
  let lasting = 1
  let last = now
  for (const one of before) {
    const status = one.statusOf(column)
    if (status === 'stable') break
    // Of another origin, it shares rows with the one that was counted.
    if (status === undefined || status === 'inconclusive' || one.end > last.start) continue
    if ((last.start - one.end) / lengthOf(now) > MOST_MISSING) break
    lasting++
    last = one
  }
  return lasting
}

function confirmColumn(column: DriftColumn, needed: number, lasting: number): DriftColumn {
  if (column.status !== 'drifted' || lasting >= needed) return column
  const so = lasting === 1 ? 'for the first time' : `in ${lasting} windows in a row`
  const reason = `${column.reason}; it drifted ${so}, and ${needed} windows in a row are needed`
  return { ...column, status: 'unconfirmed', drifted: false, reason }
}
