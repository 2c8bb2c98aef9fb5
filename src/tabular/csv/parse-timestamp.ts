import type { Buffer } from 'node:buffer'

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/

/**
 * Milliseconds since the epoch for an ISO 8601 date (`2024-02-29`) or date-time (`2024-02-29T12:00:00.5+01:00`,
 * also with a space for the T); without an offset it is read as UTC. NaN for everything else, days that do
 * not exist among it. Digits below the millisecond are kept as a fraction.
 */
export function parseTimestamp(bytes: Buffer, start: number, end: number): number {
  const length = end - start
  if (length < 10 || length > 35 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) {
    return Number.NaN
  }
  return timestampOf(bytes.toString('latin1', start, end))
}

/** As parseTimestamp, for text. */
export function timestampOf(text: string): number {
  const match = pattern.exec(text)
  if (match === null) return Number.NaN
  const [, year, month, day, hour, minute, second, fraction, offset] = match
  const date = dateMilliseconds(Number(year), Number(month), Number(day))
  const time = timeMilliseconds(Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0))
  const sub = fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000
  return date + time + sub - offsetMilliseconds(offset)
}

function dateMilliseconds(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > 31) return Number.NaN
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCDate() === day ? date.getTime() : Number.NaN
}

function timeMilliseconds(hour: number, minute: number, second: number): number {
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN
  return ((hour * 60 + minute) * 60 + second) * 1000
}

function offsetMilliseconds(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z') return 0
  const sign = offset.startsWith('-') ? -1 : 1
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(3).replace(':', '') || 0)
  return hours > 23 || minutes > 59 ? Number.NaN : sign * (hours * 60 + minutes) * 60_000
}
