import type { DriftTime } from '../../config/drift/rows.js'
import type { Log } from '../../ports/host.js'
import { planWindows, type TimeWindow } from '../../tabular/data-set/windows.js'

export interface WindowQuestion {
  readonly time: DriftTime
  /** Of the newest row, in milliseconds; undefined where no row has a time. */
  readonly newest: number | undefined
  /** Of the oldest row; undefined where it is not known. */
  readonly oldest?: number | undefined
  readonly now: number
}

/**
 * The windows to judge, the oldest first, each ending before it could still be filling. Undefined where there is none to
 * judge: no row has a time, or the window that was asked for is late, as all windows of data that is younger than `late` are.
 */
export function windowsToJudge(question: WindowQuestion): readonly TimeWindow[] | undefined {
  const { time, now } = question
  const within = lastMoment(question)
  if (within === undefined) return undefined
  const plan = { length: time.window, count: time.windows, within }
  const asked = isPoint(time.end) ? { ...plan, origin: Date.parse(time.end) - time.window } : plan
  const windows = planWindows(asked)
  const closed = now - (time.late ?? 0)
  const last = windows.at(-1)
  if (last === undefined || time.late === undefined || last.end <= closed) return windows
  if (isPoint(time.end)) return undefined
  // The newest window is still filling: the one before it is the last that can be judged.
  const behind = Math.ceil((last.end - closed) / time.window) * time.window
  // Before the data begins nothing was ever there to judge: it is not that a feed stopped, but too soon.
  if (last.end - behind <= (question.oldest ?? Number.NEGATIVE_INFINITY)) return undefined
  return windows.map(({ start, end }) => ({ start: start - behind, end: end - behind }))
}

/** A moment that the last window holds. */
function lastMoment({ time, newest, now }: WindowQuestion): number | undefined {
  if (isPoint(time.end)) return Date.parse(time.end) - 1
  if (time.end === 'latest') return newest
  const [running] = planWindows({ length: time.window, count: 1, within: now })
  return (running?.start ?? now) - 1
}

function isPoint(end: DriftTime['end']): boolean {
  return end !== 'latest' && end !== 'now'
}

/** One row with a wrong time is enough for the latest window to be one that nothing else is in. */
export function warnOfFuture(
  log: Log,
  windows: readonly TimeWindow[] | undefined,
  now: number,
): void {
  const last = windows?.at(-1)
  if (last === undefined || last.start <= now) return
  log.warn(
    `drift.time: the window that is judged, ${windowName(last)}, lies in the future: rows have such times. Leave them out with drift.rows.current, or set drift.time.end to now.`,
  )
}

/** Rows of which nobody knows when they were are in no window: silence would be the loss of them. */
export function warnOfUntimed(
  log: Log,
  { rows, untimed }: { readonly rows: number; readonly untimed: number },
): void {
  if (untimed === 0) return
  log.warn(
    `drift.time: ${untimed} of ${rows} rows of the current data have no time, or one that is none in ISO 8601: they are in no window and are not judged.`,
  )
}

/** How a window is called in statements and keys: both ends in ISO 8601. */
export function windowName({ start, end }: TimeWindow): string {
  return `${new Date(start).toISOString()}/${new Date(end).toISOString()}`
}
