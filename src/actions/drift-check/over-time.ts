import type { DriftSection } from '../../config/drift.js'
import { confirmDrift } from '../../domain/drift/history/confirm.js'
import { entryOf, type HistoryEntry } from '../../domain/drift/history/entry.js'
import { type DriftHistory, historyOf } from '../../domain/drift/history/over-time.js'
import type { JobContext } from '../../runtime/job.js'
import { dataName } from './data-name.js'
import { addToHistoryFile, readHistoryFile } from './history-file.js'
import type { Judged, JudgedWindow } from './judged.js'
import { windowName } from './windows.js'

/** What drift looks like over time, and the lines that the history file gets. */
export interface OverTime {
  readonly judged: Judged
  readonly history: DriftHistory | undefined
  readonly entries: readonly HistoryEntry[]
}

/** Holds drift to `confirm`, with the windows of this run and of the history file. */
export function overTime(context: JobContext<DriftSection>, judged: Judged): OverTime {
  const { settings, now } = context
  const earlier = readHistoryFile(context)
  const windows = [...judged.earlier, judged.last].map((one) => ({
    ...one,
    name: nameOf(one, judged),
  }))
  const isJudged = judged.state === 'judged'
  const confirmed = isJudged ? confirmDrift(settings, windows, earlier) : windows
  const last = confirmed.at(-1) ?? judged.last
  const at = now().toISOString()
  const entries = confirmed.map((one, i) => {
    const known = one.body.rows.current === 0 ? 'no-data' : 'judged'
    const state = i === confirmed.length - 1 ? judged.state : known
    return entryOf(one, { at, state })
  })
  const all = addToHistoryFile({ ...context, dryRun: true }, entries)
  return {
    judged: { ...judged, last, earlier: confirmed.slice(0, -1) },
    history: historyOf(all, last.body),
    entries,
  }
}

/**
 * Adds this run's windows to the history file. A run that dies after it is repeated on the same windows, which then
 * replace themselves.
 */
export function keepHistory(
  context: JobContext<DriftSection>,
  entries: readonly HistoryEntry[],
): void {
  addToHistoryFile(context, entries)
}

/** Data that is not cut by time has the name of its files. */
function nameOf({ window }: JudgedWindow, judged: Judged): string {
  return window === undefined ? dataName(judged) : windowName(window)
}
