import { estimateMean, studentHalfWidth } from '../../stats/student-interval.js'
import { shortNumber } from '../wording.js'
import type { TimeRange, ValuesReading } from './operational-query.js'
import { type Finding, windowOf } from './operational-result.js'
import { independentCount, type UsableValues, unusableCount, usableValues } from './series.js'

const LEVEL = 0.95
/** As long as Prometheus itself still calls a sample current. */
const STALE_MS = 300_000

/**
 * Holds the mean, last, largest or smallest value of the range to a limit. The estimate decides: values in a row depend on
 * each other, so that an interval is information (of the mean, by the effective count of values). Infinite values count.
 */
export function judgeLimit(
  reading: ValuesReading,
  rule: 'at-most' | 'at-least',
  limit: number,
): Finding {
  const { query, now } = reading
  const usable = usableValues(reading.current)
  const base = { rule, of: query.of, limit }
  const lacking = whyNoData(usable, reading)
  if (usable === undefined || lacking !== undefined) {
    const window = windowOf(now, { unusable: reading.current?.values.length ?? 0 })
    return { ...base, status: 'no-data', reason: lacking ?? NOTHING, window }
  }
  const value = chosenValue(usable, query.of)
  const kept = rule === 'at-most' ? value <= limit : value >= limit
  return {
    ...base,
    status: kept ? 'pass' : query.level,
    reason: `${wordsOf(query.of)} ${said(value)} is ${relation(rule, kept)} ${shortNumber(limit)}`,
    value: Number.isFinite(value) ? value : null,
    interval: query.of === 'mean' ? meanInterval(usable) : null,
    window: countedWindow(now, usable),
  }
}

const NOTHING = 'Prometheus has no data for it in this time'

function whyNoData(
  usable: UsableValues | undefined,
  { query, now, current }: ValuesReading,
): string | undefined {
  if (current === undefined) return NOTHING
  if (usable === undefined) return 'none of its values in this time is a number'
  const stale = now.to - usable.lastTime > STALE_MS + 2 * (query.step ?? 0)
  if (query.of !== 'last' || !stale) return undefined
  return `its last value is of ${new Date(usable.lastTime).toISOString()}, and there is none since`
}

function chosenValue(usable: UsableValues, of: ValuesReading['query']['of']): number {
  const { finite, positiveInfinities, negativeInfinities, last } = usable
  switch (of) {
    case 'last':
      return last
    case 'max':
      return positiveInfinities > 0 ? Number.POSITIVE_INFINITY : largest(finite, 1)
    case 'min':
      return negativeInfinities > 0 ? Number.NEGATIVE_INFINITY : largest(finite, -1)
    case 'mean':
      if (positiveInfinities > negativeInfinities) return Number.POSITIVE_INFINITY
      if (negativeInfinities > 0) return Number.NEGATIVE_INFINITY
      return meanOf(finite)
  }
}

function largest(values: Float64Array, sign: 1 | -1): number {
  let found = Number.NEGATIVE_INFINITY
  for (const value of values) found = Math.max(found, sign * value)
  return sign * found
}

/** Exact for equal values: a constant keeps to a limit of its own size. */
function meanOf(values: Float64Array): number {
  const mean = estimateMean(values)?.mean
  if (mean !== undefined) return mean
  let sum = 0
  for (const value of values) sum += value / values.length
  return sum
}

function meanInterval(usable: UsableValues): { low: number; high: number } | null {
  const independent = independentCount(usable.finite)
  const estimate = estimateMean(usable.finite)
  if (independent === null || independent < 2 || unusableInfinite(usable)) return null
  if (estimate === undefined) return null
  const half = studentHalfWidth(
    {
      mean: estimate.mean,
      standardError: estimate.standardError * Math.sqrt(usable.finite.length / independent),
      degreesOfFreedom: Math.max(1, independent - 1),
    },
    LEVEL,
  )
  const interval = { low: estimate.mean - half, high: estimate.mean + half }
  return Number.isFinite(half) ? interval : null
}

function unusableInfinite({ positiveInfinities, negativeInfinities }: UsableValues): boolean {
  return positiveInfinities + negativeInfinities > 0
}

export function countedWindow(
  range: TimeRange,
  usable: UsableValues | undefined,
): ReturnType<typeof windowOf> {
  const finite = usable?.finite ?? new Float64Array(0)
  const independent = independentCount(finite)
  return windowOf(range, {
    values: finite.length,
    unusable: unusableCount(usable),
    independent: independent === null ? null : Number(independent.toFixed(1)),
  })
}

function wordsOf(of: string): string {
  const WORDS: Readonly<Record<string, string>> = {
    mean: 'the mean',
    last: 'the last value',
    max: 'the largest value',
    min: 'the smallest value',
  }
  return WORDS[of] ?? of
}

function said(value: number): string {
  return Number.isFinite(value) ? shortNumber(value) : 'is infinite and'
}

function relation(rule: 'at-most' | 'at-least', kept: boolean): string {
  if (kept) return 'within the limit of'
  return rule === 'at-most' ? 'over the limit of' : 'under the limit of'
}
