import type { Check, CheckInterval, FoundSlice, SliceKey, SliceSearch } from '../../gate/verdict.js'
import {
  amountText,
  countText,
  levelText,
  pText,
  rangeText,
  valueText,
} from '../../gate/wording.js'
import { columnMean } from '../../metrics/column.js'
import { getMetric } from '../../metrics/index.js'
import type { Metric } from '../../metrics/metric.js'

/**
 * A check's parts as plain text, for the comment and the report: whatever is from outside in it (metric, slice and class
 * names) is still to be escaped.
 */

const NOTHING = '–'

/** The metric for its range and unit; a verdict of another version may name one that is gone. */
export function metricNamed(name: string): Metric {
  return getMetric(name) ?? columnMean(name)
}

/** Whether the metric is a share, so that its differences are in points. */
export function isShare(metric: Metric): boolean {
  return Number.isFinite(metric.range[0]) && metric.range[1] === 1
}

export function valueWords(metric: string, value: number | null): string {
  return value === null ? NOTHING : valueText(metricNamed(metric), value)
}

/** `−5 points (worse)`. */
export function differenceWords({ metric, difference, direction }: Check): string {
  if (difference === null) return NOTHING
  if (direction === 'same' || difference === 0) return 'none'
  return `${signed(metricNamed(metric), difference)}${direction === null ? '' : ` (${direction})`}`
}

/** `0.81 to 0.83`, `−6 to −4 points`, `−0.19% to +0.83% of the baseline`. */
export function intervalWords(metric: string, interval: CheckInterval): string {
  const range = rangeText(metricNamed(metric), interval)
  return interval.of === 'ratio' ? `${range} of the baseline` : range
}

/** Said of a value that came as a bare number, or is judged as one. */
export const NO_UNCERTAINTY = 'no uncertainty available'

/** Whether a check has a value and no interval. */
export function lacksUncertainty({ interval, candidate, status }: Check): boolean {
  return interval === null && candidate !== null && status !== 'skipped'
}

/** `95% interval of the difference by tango`. */
export function methodWords({ of, level, method }: CheckInterval): string {
  return `${levelText(level)} interval of the ${of} by ${method}`
}

/** `mcnemar-mid-p: p = 0.0123, corrected 0.0246`. */
export function testWords({ test }: Check): string {
  if (test === null) return NOTHING
  return `${test.name}: p ${equals(test.pValue)}, corrected ${equals(test.adjustedPValue).replace('= ', '')}`
}

/** The corrected p-value of the claim that the rule is broken. */
export function claimWords({ claim }: Check): string {
  return claim === null ? NOTHING : `p ${equals(claim.adjustedPValue)}`
}

function equals(p: number): string {
  const text = pText(p)
  return /^\d/.test(text) ? `= ${text}` : text
}

const COMPARISONS = [
  'at-least',
  'at-most',
  'no-worse-than',
  'better-than',
  'equivalent-to',
  'margin',
  'relative-margin',
  'by',
  'relative-by',
] as const

/** The rule in words: `no worse than baseline, margin 0.02`. Keys that no rule has are left out. */
export function ruleWords({ rule }: Check): string {
  const words = COMPARISONS.flatMap((key) => {
    const given = scalar(rule[key])
    return given === undefined ? [] : [`${key.replaceAll('-', ' ')} ${given}`]
  })
  if (rule['evidence'] === 'estimate') words.push('judged by the estimate alone')
  if (rule['method'] === 'bootstrap') words.push('by bootstrap')
  return words.join(', ')
}

/** What qualifies the metric's name: `macro`, `k = 5`, `by sex`. */
export function qualifierWords({ rule }: Check): string {
  const keys = ['average', 'multi-class', 'k', 'quantile', 'group'] as const
  const words = keys.flatMap((key) => {
    const given = scalar(rule[key])
    if (given === undefined) return []
    if (key === 'group') return [`by ${given}`]
    return [key === 'k' || key === 'quantile' ? `${key} = ${given}` : given]
  })
  return words.join(', ')
}

function scalar(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** How many examples would settle an open check, where the reason does not say so already. */
export function neededWords({ status, neededExamples, n, reason }: Check): string {
  if (status !== 'inconclusive' || typeof neededExamples !== 'number') return ''
  if (reason.includes('would settle')) return ''
  return `About ${countText(neededExamples)} examples would settle it with 80% power, if the estimate stays; there are ${countText(n)}.`
}

/** A column and its value; null where the column has none in these rows. */
export interface Condition {
  readonly column: string
  readonly value: string | null
}

/** All conditions of a slice. */
export function conditionsOf(slice: SliceKey): readonly Condition[] {
  return [{ column: slice.column, value: slice.value }, ...(slice.and ?? [])]
}

/** `sex = F and age_band missing`. */
export function conditionWords(conditions: readonly Condition[]): string {
  return conditions
    .map(({ column, value }) => (value === null ? `${column} missing` : `${column} = ${value}`))
    .join(' and ')
}

/** A found slice's difference and interval: `−5 points`, `−8 to −2 points`. */
export function foundWords(score: string, slice: FoundSlice): { size: string; range: string } {
  const metric = metricNamed(score)
  const { low, high } = slice
  const interval = { of: 'difference', level: 0.95, low, high, method: '' } as const
  return {
    size: slice.difference === 0 ? 'none' : signed(metric, slice.difference),
    range: rangeText(metric, interval),
  }
}

/** What the search looked at and what it did not, in a few sentences. */
export function searchWords(search: SliceSearch): string {
  const against =
    search.against === 'difference' ? 'the baseline on the same examples' : 'all other examples'
  const looked = `${countText(search.tested)} slices of at least ${countText(search.minSize)} examples over ${columnCount(search.columns.length)} were compared with ${against} by ${search.score}`
  const chance = `of those found, about ${levelText(search.rate)} may be chance. Intervals are widened for the choice of the worst. They are no part of the decision.`
  const skipped = search.skipped?.length ?? 0
  const rest =
    skipped === 0
      ? ''
      : ` ${columnCount(skipped)} with too many values or beyond the limit ${skipped === 1 ? 'was' : 'were'} not searched.`
  return `${looked}; ${chance}${rest}`
}

function columnCount(count: number): string {
  return `${countText(count)} ${count === 1 ? 'column' : 'columns'}`
}

function signed(metric: Metric, difference: number): string {
  return `${difference < 0 ? '−' : '+'}${amountText(metric, difference)}`
}
