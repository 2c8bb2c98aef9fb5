const HOUR = 3_600_000
const DAY = 24 * HOUR

export type Season = 'hour' | 'weekday' | 'month'

/** The hour (0 to 23), the weekday (1 for Monday to 7) or the month (1 to 12) of a time in milliseconds, in UTC. */
export function seasonOf(time: number, kind: Season): number {
  if (kind === 'hour') return modulo(Math.floor(time / HOUR), 24)
  // 1970-01-01 was a Thursday.
  if (kind === 'weekday') return modulo(Math.floor(time / DAY) + 3, 7) + 1
  return new Date(time).getUTCMonth() + 1
}

/** The hours, weekdays or months that lie in a window of time, ascending. */
export function seasonsOf(
  window: { readonly start: number; readonly end: number },
  kind: Season,
): readonly number[] {
  const found = new Set<number>()
  const step = kind === 'hour' ? HOUR : DAY
  for (let time = window.start; time < window.end; time += step) {
    found.add(seasonOf(time, kind))
    // All there are.
    if (found.size === { hour: 24, weekday: 7, month: 12 }[kind]) break
  }
  if (window.end > window.start) found.add(seasonOf(window.end - 1, kind))
  return [...found].sort((a, b) => a - b)
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
