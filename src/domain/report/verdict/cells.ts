import type { BaselineIdentity, Check, CheckStatus, SliceKey } from '../../gate/verdict.js'
import { amountText, countText, rangeText, valueText } from '../../gate/wording.js'
import { columnMean } from '../../metrics/column.js'
import { getMetric } from '../../metrics/index.js'
import type { Metric } from '../../metrics/metric.js'
import { code, escapeMarkdown } from '../escape.js'

export const HEADER = [
  'Metric',
  'Slice',
  'Examples',
  'Baseline',
  'Candidate',
  'Difference',
  'Interval',
  'Verdict',
] as const

export const STATUS_WORDS: Readonly<Record<CheckStatus, string>> = {
  pass: 'Pass',
  fail: 'Fail',
  inconclusive: 'Inconclusive',
  skipped: 'Too small',
}

const STATUS_MARKS: Readonly<Record<CheckStatus, string>> = {
  pass: '✅',
  fail: '❌',
  inconclusive: '❔',
  skipped: '➖',
}

/** A check as a row under `HEADER`. */
export function checkRow(check: Check): string[] {
  const metric = metricOf(check)
  return [
    metricText(check),
    check.slice === null ? 'all' : sliceText(check.slice),
    countText(check.n),
    value(metric, check.baseline),
    value(metric, check.candidate),
    difference(metric, check),
    interval(metric, check),
    statusText(check),
  ]
}

/** A slice as column = value, both as code. */
export function sliceText(slice: SliceKey): string {
  return slice.value === null
    ? `${code(slice.column)} missing`
    : `${code(slice.column)} = ${code(slice.value)}`
}

/** What the candidate was compared with, with its digest and age where known. */
export function baselineText(baseline: BaselineIdentity | null): string {
  if (baseline === null) return 'none'
  const digest = baseline.digest === undefined ? '' : ` (${code(baseline.digest)})`
  const { ageDays } = baseline
  const age =
    ageDays === undefined
      ? ''
      : `, ${countText(ageDays)} ${Math.round(ageDays) === 1 ? 'day' : 'days'} old`
  return `${code(baseline.source)}${digest}${age}`
}

/** The metric for its range and unit; a verdict of another version may name one that is gone. */
function metricOf(check: Check): Metric {
  return getMetric(check.metric) ?? columnMean(check.metric)
}

function metricText(check: Check): string {
  const { group, average } = check.rule
  const by = typeof group === 'string' ? ` by ${code(group)}` : ''
  const how = typeof average === 'string' ? ` (${escapeMarkdown(average)})` : ''
  return `${escapeMarkdown(check.metric)}${how}${by}<br>${ruleText(check)}`
}

/** The rule as written: `at-least 0.8`. */
function ruleText({ rule }: Check): string {
  const known = ['at-least', 'at-most', 'no-worse-than', 'margin', 'better-than', 'by'] as const
  const words = known.flatMap((key) => {
    const given = rule[key]
    return given === undefined ? [] : [`${key} ${String(given)}`]
  })
  return `<sub>${escapeMarkdown(words.join(', '))}</sub>`
}

function value(metric: Metric, number: number | null): string {
  return number === null ? '–' : escapeMarkdown(valueText(metric, number))
}

function difference(metric: Metric, check: Check): string {
  if (check.difference === null) return '–'
  if (check.direction === 'same') return 'none'
  const sign = check.difference < 0 ? '−' : '+'
  return `${sign}${amountText(metric, check.difference)} (${check.direction})`
}

function interval(metric: Metric, check: Check): string {
  if (check.interval === null) return '–'
  return `${rangeText(metric, check.interval)}<br><sub>of the ${check.interval.of}, ${escapeMarkdown(check.interval.method)}</sub>`
}

function statusText(check: Check): string {
  const warning = check.level === 'warn' && check.status !== 'pass' ? ' (warning)' : ''
  return `${STATUS_MARKS[check.status]} ${STATUS_WORDS[check.status]}${warning}`
}
