import { beyondRangePValue } from '../../stats/beyond-range.js'
import { findColumn, type NumericColumn } from '../../table/column.js'
import { percent, shortNumber } from '../wording.js'
import type { HealthRequest, RangesRule } from './policy.js'
import { type HealthCheck, healthCheck, numberText } from './result.js'
import { judgeShares, shareExceedsPValue } from './share.js'

/** The range that values must lie in, and how many values of the reference it was read off. */
interface Limits {
  readonly min: number
  readonly max: number
  /** Undefined for a range that the configuration gives. */
  readonly readOff: number | undefined
}

interface Outside extends Limits {
  readonly name: string
  readonly values: number
  readonly below: number
  readonly above: number
  /** The value that is furthest outside. */
  readonly worst: number | undefined
}

/**
 * One check a column: how many values lie outside of the reference's range, or of a configured one. Two samples of
 * one distribution never have quite the same range, so values beyond the reference's break it only where they
 * are more than that explains (Wilks 1941), and where they are over `max-share` by more than chance.
 */
export function rangeChecks(request: HealthRequest, rule: RangesRule): readonly HealthCheck[] {
  const { current, alpha } = request
  const measured: Outside[] = []
  const missing: HealthCheck[] = []
  for (const name of namesOf(request, rule)) {
    const limits = limitsOf(request, rule, name)
    const column = findColumn(current, name)
    if (limits === undefined || column === undefined) continue
    if (column.kind === 'numeric') measured.push(countOutside(column, limits))
    else if (column.missing < current.rows) missing.push(notNumbers(name, limits))
  }
  const cases = measured.map((outside) => shareCase(outside, rule))
  const statuses = judgeShares(cases, { alpha, level: rule.level })
  const checks = measured.map((outside, index) =>
    toCheck(outside, { rule, alpha, status: statuses[index] ?? 'inconclusive' }),
  )
  return [...checks, ...missing]
}

function namesOf({ columns, reference }: HealthRequest, rule: RangesRule): ReadonlySet<string> {
  const compared = columns ?? reference?.columns.keys() ?? []
  return new Set([...Object.keys(rule.columns), ...compared])
}

/** A range of the configuration is in place of the reference's: an end that it does not give is open. */
function limitsOf(
  { reference }: HealthRequest,
  rule: RangesRule,
  name: string,
): Limits | undefined {
  const given = Object.hasOwn(rule.columns, name) ? rule.columns[name] : undefined
  if (given !== undefined) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = given
    return { min, max, readOff: undefined }
  }
  const summary = reference?.columns.get(name)
  if (summary === undefined || summary.values === 0) return undefined
  return { min: summary.min, max: summary.max, readOff: summary.values }
}

function countOutside({ name, values: cells }: NumericColumn, limits: Limits): Outside {
  const { min, max } = limits
  let missing = 0
  let below = 0
  let above = 0
  let smallest = min
  let largest = max
  for (let row = 0; row < cells.length; row++) {
    const value = cells[row] ?? Number.NaN
    if (value >= min && value <= max) continue
    if (Number.isNaN(value)) missing++
    else if (value < min) below++
    else above++
    if (value < smallest) smallest = value
    if (value > largest) largest = value
  }
  const values = cells.length - missing
  const worst = below > 0 && min - smallest >= largest - max ? smallest : largest
  return { ...limits, name, values, below, above, worst: below + above === 0 ? undefined : worst }
}

function shareCase(outside: Outside, rule: RangesRule) {
  const { values } = outside
  const count = outside.below + outside.above
  const limit = rule['max-share']
  const pValue = Math.max(chanceOf(outside), shareExceedsPValue(count, values, limit))
  return { over: values > 0 && count / values > limit && !(pValue === 1), pValue }
}

/** How likely so many values beyond the reference's range are where nothing changed; 0 for a configured range. */
function chanceOf({ readOff, values, below, above }: Outside): number {
  if (readOff === undefined) return 0
  return beyondRangePValue({
    reference: readOff,
    current: values,
    beyond: below + above,
    ends: 2,
  })
}

interface Judged {
  readonly rule: RangesRule
  readonly alpha: number
  readonly status: HealthCheck['status']
}

function toCheck(outside: Outside, { rule, alpha, status }: Judged): HealthCheck {
  const { name, values, below, above, min, max } = outside
  const count = below + above
  const byChance = status === 'inconclusive' && chanceOf(outside) >= alpha
  const judged = byChance ? 'pass' : status
  return healthCheck({
    id: `ranges.${name}`,
    column: name,
    status: values === 0 ? 'inconclusive' : judged,
    observed: values === 0 ? 'no value' : count / values,
    expected: `${numberText(min)} to ${numberText(max)} (at most ${percent(rule['max-share'])} outside)`,
    failedRows: count,
    detail: describe(outside, { byChance, inconclusive: judged === 'inconclusive' }),
  })
}

function describe(
  { values, below, above, worst, readOff }: Outside,
  { byChance, inconclusive }: { readonly byChance: boolean; readonly inconclusive: boolean },
): string {
  if (values === 0) return 'there is no value to judge'
  const whose = readOff === undefined ? 'the range that is configured' : "the reference's range"
  if (worst === undefined) return `all ${values} values lie in ${whose}`
  const what = `${below} of ${values} values lie below ${whose} and ${above} above, the furthest at ${shortNumber(worst)}`
  if (byChance) return `${what}: no more than chance explains`
  return inconclusive ? `${what}: too few values to tell this from chance` : what
}

/** Text in a column of numbers is no value inside of any range, but what it is a schema or contract says. */
function notNumbers(name: string, { min, max }: Limits): HealthCheck {
  return healthCheck({
    id: `ranges.${name}`,
    column: name,
    status: 'inconclusive',
    observed: 'no numbers',
    expected: `${numberText(min)} to ${numberText(max)}`,
    failedRows: 0,
    detail: 'the column does not hold numbers',
  })
}
