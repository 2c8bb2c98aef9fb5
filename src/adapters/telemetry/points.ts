import type { Window } from './counted.js'

/** A count of the interval that begins at a time, milliseconds since 1970; null where there is none. */
export type Point = readonly [time: number, count: number | null]

/** Whether points lie on multiples of a length, and none between two is left out. */
export function isEvery(step: number, points: readonly Point[]): boolean {
  return points.every(([time], i) => {
    const before = points[i - 1]
    return time % step === 0 && (before === undefined || time - before[0] === step)
  })
}

/** The counts of the intervals that begin in a window. */
export function countsIn(
  { from, to }: Window,
  points: readonly Point[],
): readonly (number | null)[] {
  return points.flatMap(([time, count]) => (time >= from && time < to ? [count] : []))
}

/** Undefined where nothing is counted. */
export function sumOf(counts: readonly (number | null)[]): number | undefined {
  const known = counts.filter((count) => count !== null)
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0)
}
