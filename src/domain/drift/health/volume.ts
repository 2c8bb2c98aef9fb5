import { FEWEST_COUNTS, robustPredictionInterval } from '../../stats/robust-prediction.js'
import type { EarlierVolume, HealthRequest, VolumeRule } from './policy.js'
import { type HealthCheck, healthCheck } from './result.js'

/** A window of ordinary size is called unusual this rarely. */
const LEVEL = 0.99
const DAY_MS = 86_400_000
/** Windows further back say little about what is usual now. */
const MOST_WINDOWS = 200

/** How many rows there are: against the limits, and against earlier windows where some are known. */
export function volumeChecks(request: HealthRequest, rule: VolumeRule): readonly HealthCheck[] {
  const { rows } = request.current
  const checks: HealthCheck[] = []
  const limit = (name: 'min' | 'max', expected: number, holds: boolean) => {
    const detail = `there are ${rows} rows`
    const status = holds ? 'pass' : rule.level
    const id = `volume.${name}`
    checks.push(
      healthCheck({ id, column: null, status, observed: rows, expected, failedRows: 0, detail }),
    )
  }
  if (rule.min !== undefined) limit('min', rule.min, rows >= rule.min)
  if (rule.max !== undefined) limit('max', rule.max, rows <= rule.max)
  if (rule.history && request.volume !== undefined) {
    checks.push(historyCheck(rows, request.volume, rule))
  }
  return checks
}

function historyCheck(
  rows: number,
  volume: NonNullable<HealthRequest['volume']>,
  rule: VolumeRule,
): HealthCheck {
  const { counts, kind } = comparable(volume)
  const check = { id: 'volume.history', column: null, observed: rows, failedRows: 0 } as const
  const interval = robustPredictionInterval(counts, LEVEL)
  if (interval === undefined) {
    const detail = `there are ${counts.length} earlier windows, and ${FEWEST_COUNTS} say what is usual`
    return healthCheck({ ...check, status: 'inconclusive', expected: 'unknown', detail })
  }
  const low = Math.floor(interval.low)
  const high = Math.ceil(interval.high)
  const isUsual = rows >= low && rows <= high
  return healthCheck({
    ...check,
    status: isUsual ? 'pass' : rule.level,
    expected: `${low} to ${high}`,
    detail: `there are ${rows} rows, where ${counts.length} earlier ${kind} let ${low} to ${high} be expected`,
  })
}

interface Comparable {
  readonly counts: readonly number[]
  readonly kind: string
}

/** The latest windows that began on the same day of the week, where there are enough; else the latest of all. */
function comparable({ earlier, start }: NonNullable<HealthRequest['volume']>): Comparable {
  const latest = [...earlier].sort((a, b) => (b.start ?? 0) - (a.start ?? 0))
  const alike =
    start === null ? [] : latest.filter((one) => weekdayOf(one.start) === weekdayOf(start))
  const isWeekly = alike.length >= FEWEST_COUNTS && alike.length < latest.length
  const kind = isWeekly ? 'windows of the same weekday' : 'windows'
  return { counts: countsOf(isWeekly ? alike : latest), kind }
}

function countsOf(windows: readonly EarlierVolume[]): readonly number[] {
  return windows.slice(0, MOST_WINDOWS).map(({ rows }) => rows)
}

/** In UTC, as windows are. */
function weekdayOf(start: number | null): number | undefined {
  return start === null ? undefined : Math.floor(start / DAY_MS) % 7
}
