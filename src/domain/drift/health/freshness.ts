import { findColumn } from '../../table/column.js'
import type { FreshnessRule, HealthRequest } from './policy.js'
import { type HealthCheck, healthCheck } from './result.js'

/** Clocks differ: a row this far ahead is not in the future. */
const CLOCK_SKEW_MS = 5 * 60_000

const UNITS = [
  { name: 'd', size: 86_400_000 },
  { name: 'h', size: 3_600_000 },
  { name: 'min', size: 60_000 },
  { name: 's', size: 1000 },
] as const

/**
 * How old the newest row is, and whether rows are dated after now (by more than five minutes, which clocks may
 * differ). Rows of the future do not make the data fresh: the newest is looked for among the others. No row with a time
 * breaks the rule.
 */
export function freshnessChecks(
  { current, now }: HealthRequest,
  rule: FreshnessRule,
): readonly HealthCheck[] {
  const { column: name, level } = rule
  const column = findColumn(current, name)
  const expected = `at most ${ageText(rule['max-age'])} old`
  const age = { id: `freshness.${name}`, column: name, expected } as const
  if (column?.kind !== 'numeric' || column.type !== 'timestamp') {
    const detail = problemOf(column === undefined, current.rows)
    return [healthCheck({ ...age, status: level, observed: 'no time', failedRows: 0, detail })]
  }
  const { newest, future, furthest } = scan(column.values, now + CLOCK_SKEW_MS)
  return [
    healthCheck({ ...age, ...newestCheck(newest, now, rule) }),
    healthCheck({
      id: `freshness.${name}.future`,
      column: name,
      status: future === 0 ? 'pass' : level,
      observed: future,
      expected: 'no row dated after now',
      failedRows: future,
      detail:
        future === 0
          ? 'no row is dated after now'
          : `${future} rows are dated after now, the furthest at ${timeText(furthest)}`,
    }),
  ]
}

function problemOf(absent: boolean, rows: number): string {
  if (rows === 0) return 'there is no row'
  return absent ? 'the column is not in the current data' : 'the column does not hold times'
}

type Newest = Pick<HealthCheck, 'status' | 'observed' | 'failedRows' | 'detail'>

function newestCheck(newest: number, now: number, rule: FreshnessRule): Newest {
  if (newest === Number.NEGATIVE_INFINITY) {
    const detail = 'no row has a time that is not in the future'
    return { status: rule.level, observed: 'no time', failedRows: 0, detail }
  }
  const age = Math.max(0, now - newest)
  return {
    status: age > rule['max-age'] ? rule.level : 'pass',
    observed: timeText(newest),
    failedRows: 0,
    detail: `the newest row is ${ageText(age)} old`,
  }
}

function scan(cells: Float64Array, latest: number) {
  let newest = Number.NEGATIVE_INFINITY
  let furthest = Number.NEGATIVE_INFINITY
  let future = 0
  for (let row = 0; row < cells.length; row++) {
    const value = cells[row] ?? Number.NaN
    if (value > latest) {
      future++
      if (value > furthest) furthest = value
    } else if (value > newest) newest = value
  }
  return { newest, future, furthest }
}

/** `26 h`, `1.5 d`: in the largest unit of which there are two. */
function ageText(milliseconds: number): string {
  const unit = UNITS.find(({ size }) => milliseconds >= 2 * size) ?? { name: 's', size: 1000 }
  return `${Number((milliseconds / unit.size).toFixed(1))} ${unit.name}`
}

/** A column may hold a time that no calendar has. */
function timeText(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString()
}
