import type { Column } from '../../domain/table/column.js'
import { UserError } from '../../errors.js'
import { timestampOf } from '../csv/parse-timestamp.js'
import type { TimeOptions } from './data-set-options.js'
import { seasonOf } from './seasons.js'

/**
 * The times of a column in milliseconds, NaN where missing: of timestamps, or of texts that are all ISO 8601. Throws MW-DATA-304 for
 * others, `where` being the file.
 */
export function timesOf(column: Column, where: string): Float64Array {
  return readTimes(column, where, 0)
}

/**
 * The same of data that is as it came: a cell that is no time is a row without one, as a missing cell is. Throws MW-DATA-304 only where
 * that is most of those that are not missing: then it is no column of times.
 */
export function timesKnownOf(column: Column, where: string): Float64Array {
  return readTimes(column, where, MOST_BAD)
}

const MOST_BAD = 0.5

function readTimes(column: Column, where: string, most: number): Float64Array {
  if (column.kind === 'numeric' && column.type === 'timestamp') return column.values
  const cells = column.kind === 'numeric' ? column.values : column.codes
  if (column.missing === cells.length) return new Float64Array(cells.length).fill(Number.NaN)
  if (column.kind === 'numeric' || column.type === 'boolean') {
    throw notTimes(column, where, `it holds values of type ${column.type}`)
  }
  const known = Float64Array.from(column.categories, (text) => timestampOf(text.trim()))
  const bad = known.findIndex((time) => Number.isNaN(time))
  const times = Float64Array.from(column.codes, (code) => known[code] ?? Number.NaN)
  const untimed = times.reduce((sum, time) => sum + (Number.isNaN(time) ? 1 : 0), -column.missing)
  if (bad >= 0 && untimed > most * (cells.length - column.missing)) {
    const text = JSON.stringify(column.categories[bad]?.slice(0, 100))
    throw notTimes(column, where, `${text} is none in ISO 8601`)
  }
  return times
}

function notTimes({ name }: Column, where: string, reason: string): UserError {
  return new UserError({
    code: 'MW-DATA-304',
    where,
    what: `column ${JSON.stringify(name)} is not of timestamps: ${reason}.`,
    fix: 'Name a column of timestamps, or of texts such as 2024-02-29T12:00:00Z.',
  })
}

/** Whether the options leave rows out by their time. */
export function limitsTime(time: TimeOptions | undefined): time is TimeOptions {
  return [time?.start, time?.end, time?.season].some((limit) => limit !== undefined)
}

/** Sets `keep[row]` to 0 for rows outside of the window or the season, and for those without a time. */
export function keepTimes(times: Float64Array, time: TimeOptions, keep: Uint8Array): void {
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY, season } = time
  const wanted = season && new Set(season.values)
  for (let row = 0; row < times.length; row++) {
    const at = times[row] as number
    const isInside = at >= start && at < end
    const isInSeason =
      season === undefined || wanted === undefined || wanted.has(seasonOf(at, season.kind))
    if (!(isInside && isInSeason)) keep[row] = 0
  }
}
