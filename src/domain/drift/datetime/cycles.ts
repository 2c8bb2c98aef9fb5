const HOUR = 3_600_000
const DAY = 24 * HOUR
const WEEK = 7 * DAY
/** 1970-01-01 was a Thursday; weeks begin on Mondays. */
const MONDAY = 3

/** What comes round again in time, in UTC. */
export interface Cycle {
  readonly name: 'hour of day' | 'day of week' | 'month of year'
  readonly labels: readonly string[]
  /** Which of the labels a point in time (ms) is at. */
  readonly placeOf: (time: number) => number
  /** The point so many cycles before. */
  readonly before: (time: number, cycles: number) => number
}

const fixed = (length: number) => (time: number, cycles: number) => time - cycles * length

function yearsBefore(time: number, years: number): number {
  const date = new Date(time)
  const day = date.getUTCDate()
  date.setUTCFullYear(date.getUTCFullYear() - years)
  // 29 February has no day in other years: it turns to 1 March.
  if (date.getUTCDate() !== day) date.setUTCDate(0)
  return date.getTime()
}

export const CYCLES: readonly Cycle[] = [
  {
    name: 'hour of day',
    labels: Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')),
    placeOf: (time) => modulo(Math.floor(time / HOUR), 24),
    before: fixed(DAY),
  },
  {
    name: 'day of week',
    labels: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    placeOf: (time) => modulo(Math.floor(time / DAY) + MONDAY, 7),
    before: fixed(WEEK),
  },
  {
    name: 'month of year',
    labels: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
    placeOf: (time) => new Date(time).getUTCMonth(),
    before: yearsBefore,
  },
]

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}

/** How often each place of a cycle occurs in whole cycles. */
export interface WholeCycles {
  readonly cycles: number
  readonly counts: Float64Array
}

/**
 * The last whole cycles of sorted points in time: what is left over at the start would count some places once more than others. A
 * sample spans its range and one step more, so that fourteen dates are two weeks. Undefined for fewer than `least` cycles, or points
 * that no date can hold.
 */
export function wholeCycles(
  sorted: Float64Array,
  cycle: Cycle,
  least: number,
): WholeCycles | undefined {
  const first = sorted[0]
  const last = sorted[sorted.length - 1]
  if (first === undefined || last === undefined || !isDate(first) || !isDate(last)) return undefined
  const start = first - stepOf(sorted)
  let cycles = countCycles(start, last, cycle)
  // A step too long by rounding, or too short.
  while (cycle.before(last, cycles + 1) >= start) cycles++
  while (cycles > 0 && cycle.before(last, cycles) < start) cycles--
  if (cycles < least) return undefined
  const from = cycle.before(last, cycles)
  const counts = new Float64Array(cycle.labels.length)
  for (let i = sorted.length - 1; i >= 0; i--) {
    const time = sorted[i] ?? 0
    if (time <= from) break
    const place = cycle.placeOf(time)
    counts[place] = (counts[place] ?? 0) + 1
  }
  return { cycles, counts }
}

function countCycles(start: number, last: number, cycle: Cycle): number {
  return Math.max(0, Math.floor((last - start) / (last - cycle.before(last, 1))))
}

/** The mean step between different points. */
function stepOf(sorted: Float64Array): number {
  let steps = 0
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) steps++
  return steps === 0 ? 0 : ((sorted[sorted.length - 1] ?? 0) - (sorted[0] ?? 0)) / steps
}

function isDate(time: number): boolean {
  // The earliest and latest of Date, less some years for going back.
  return Math.abs(time) < 8.6e15
}
