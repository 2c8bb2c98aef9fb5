import { type Season, seasonOf } from './seasons.js'

const WEEK = 7 * 86_400_000
/** 1970-01-05, the first Monday. */
const MONDAY = 4 * 86_400_000

/** Milliseconds since the epoch, the start included and the end not. */
export interface TimeWindow {
  readonly start: number
  readonly end: number
}

export interface WindowPlan {
  /** Of a window, in milliseconds. */
  readonly length: number
  readonly count: number
  /** A moment that the last window holds. */
  readonly within: number
  /** A moment at which a window starts. Unless given the epoch, so that days start at midnight UTC; of weeks a Monday. */
  readonly origin?: number | undefined
}

/** Windows of one length, one after the other, the oldest first. */
export function planWindows({ length, count, within, origin }: WindowPlan): readonly TimeWindow[] {
  const from = origin ?? (length % WEEK === 0 ? MONDAY : 0)
  const last = Math.floor((within - from) / length)
  return Array.from({ length: count }, (_, index) => {
    const start = from + (last - count + 1 + index) * length
    return { start, end: start + length }
  })
}

/** Rows sorted into groups: those of group `g` are `order.subarray(offsets[g], offsets[g + 1])`, ascending. */
export interface RowGroups {
  readonly order: Uint32Array
  readonly offsets: Uint32Array
  /** Rows without a time. */
  readonly untimed: number
  /** Rows that are in no group, those without a time not counted. */
  readonly outside: number
}

/** The rows of each window, from the time of each row. The windows must follow each other, as those of planWindows do. */
export function groupByWindow(times: Float64Array, windows: readonly TimeWindow[]): RowGroups {
  const start = windows[0]?.start ?? 0
  const length = (windows[0]?.end ?? 1) - start
  return groupRows(times, windows.length, (time) => Math.floor((time - start) / length))
}

/** The rows of each hour (24 groups), weekday (7, from Monday) or month (12). */
export function groupBySeason(times: Float64Array, kind: Season): RowGroups {
  const count = { hour: 24, weekday: 7, month: 12 }[kind]
  return groupRows(times, count, (time) => seasonGroup(time, kind))
}

/** Which of groupBySeason's groups a time is in. */
export function seasonGroup(time: number, kind: Season): number {
  return seasonOf(time, kind) - (kind === 'hour' ? 0 : 1)
}

function groupRows(
  times: Float64Array,
  count: number,
  groupOf: (time: number) => number,
): RowGroups {
  const groups = new Int32Array(times.length)
  const offsets = new Uint32Array(count + 1)
  let untimed = 0
  for (let row = 0; row < times.length; row++) {
    const time = times[row] as number
    const group = Number.isNaN(time) ? -1 : groupOf(time)
    const isInside = group >= 0 && group < count
    groups[row] = isInside ? group : -1
    if (isInside) offsets[group + 1] = (offsets[group + 1] as number) + 1
    if (Number.isNaN(time)) untimed++
  }
  for (let group = 0; group < count; group++) {
    offsets[group + 1] = (offsets[group + 1] as number) + (offsets[group] as number)
  }
  const inside = offsets[count] as number
  const order = new Uint32Array(inside)
  const next = offsets.slice()
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] as number
    if (group < 0) continue
    order[next[group] as number] = row
    next[group] = (next[group] as number) + 1
  }
  return { order, offsets, untimed, outside: times.length - untimed - inside }
}
