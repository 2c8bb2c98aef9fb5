import { correlationTime } from './autocorrelation.js'
import type { Series } from './operational-query.js'

/** The values of a series that can be used, in the order of time. */
export interface UsableValues {
  readonly finite: Float64Array
  /** NaN: the expression had no value there. */
  readonly missing: number
  readonly positiveInfinities: number
  readonly negativeInfinities: number
  readonly lastTime: number
  readonly last: number
}

/** Undefined where there is no series, or no value in it is a number. */
export function usableValues(series: Series | undefined): UsableValues | undefined {
  if (series === undefined) return undefined
  const { times, values } = series
  const finite = values.filter((value) => Number.isFinite(value))
  const known = values.findLastIndex((value) => !Number.isNaN(value))
  if (known < 0) return undefined
  const count = (wanted: number): number => values.reduce((n, v) => n + (v === wanted ? 1 : 0), 0)
  const positiveInfinities = count(Number.POSITIVE_INFINITY)
  const negativeInfinities = count(Number.NEGATIVE_INFINITY)
  return {
    finite,
    missing: values.length - finite.length - positiveInfinities - negativeInfinities,
    positiveInfinities,
    negativeInfinities,
    lastTime: times[known] ?? 0,
    last: values[known] ?? 0,
  }
}

/** Values that are no finite number. */
export function unusableCount(usable: UsableValues | undefined): number {
  if (usable === undefined) return 0
  return usable.missing + usable.positiveInfinities + usable.negativeInfinities
}

/** As how many independent values these count, at least 1; null for fewer than two. */
export function independentCount(finite: Float64Array): number | null {
  if (finite.length < 2) return null
  return Math.max(1, finite.length / correlationTime([finite]))
}
