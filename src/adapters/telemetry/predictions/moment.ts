/** Beyond these a number of seconds, milliseconds or microseconds would be after the year 5138: it is in the next unit. */
const MOST_SECONDS = 1e11
const MOST_MILLISECONDS = 1e14
const MOST_MICROSECONDS = 1e17

const ISO =
  /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:Z|z| ?UTC|[+-]\d\d(?::?\d\d)?)?$/
const ZONE = /(?:Z|z|[+-]\d\d(?::?\d\d)?)$/

/**
 * Milliseconds since 1970 of a moment as logs write it: a Date, ISO 8601 (without a zone: UTC), or a number, also as text, of
 * seconds, milliseconds, microseconds or nanoseconds, by its size. undefined where it is none.
 */
export function momentOf(value: unknown): number | undefined {
  if (typeof value === 'number') return fromNumber(value)
  if (typeof value === 'string') return fromText(value)
  if (typeof value === 'bigint') return fromNumber(Number(value))
  if (!(value instanceof Date)) return undefined
  const time = value.getTime()
  return Number.isNaN(time) ? undefined : time
}

function fromNumber(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined
  if (value < MOST_SECONDS) return value * 1000
  if (value < MOST_MILLISECONDS) return value
  return value < MOST_MICROSECONDS ? value / 1000 : value / 1e6
}

function fromText(text: string): number | undefined {
  const time = fromIso(text.trim())
  return time === undefined || Number.isNaN(time) ? undefined : time
}

/** As most write it, and Date.parse takes it. */
const USUAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/

function fromIso(text: string): number | undefined {
  if (USUAL.test(text)) return Date.parse(text)
  if (!ISO.test(text)) return /^\d+(?:\.\d+)?$/.test(text) ? fromNumber(Number(text)) : undefined
  const plain = text.replace(/ ?UTC$/, 'Z').replace(',', '.')
  if (plain.length === 10) return Date.parse(plain)
  const time = `${plain.slice(0, 10)}T${plain.slice(11)}`
  if (!ZONE.test(time)) return Date.parse(`${time}Z`)
  return Date.parse(
    time.replace(/([+-]\d\d)(?::?(\d\d))?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`),
  )
}
