import type { Check, CheckStatus, SliceKey } from '../../gate/verdict.js'
import { countText } from '../../gate/wording.js'
import { escapeMarkdown } from '../escape.js'
import { name, plain, WORDS_LENGTH } from '../fragments.js'
import {
  type Condition,
  conditionsOf,
  differenceWords,
  intervalWords,
  lacksUncertainty,
  NO_UNCERTAINTY,
  qualifierWords,
  ruleWords,
  valueWords,
} from './check-words.js'

export const HEADER = ['Metric', 'Baseline', 'Candidate', 'Difference', 'Verdict', 'Rule'] as const

export const SLICE_HEADER = [
  'Metric',
  'Slice',
  'Examples',
  'Baseline',
  'Candidate',
  'Difference',
  'Verdict',
  'Rule',
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

/** A check of all examples as a row under `HEADER`. */
export function checkRow(check: Check): string[] {
  return [metricCell(check), ...valueCells(check)]
}

/** A check of a slice as a row under `SLICE_HEADER`. */
export function sliceRow(check: Check): string[] {
  const slice = check.slice === null ? 'all' : sliceText(check.slice)
  return [metricCell(check), slice, countText(check.n), ...valueCells(check)]
}

function valueCells(check: Check): string[] {
  return [
    escapeMarkdown(valueWords(check.metric, check.baseline)),
    withInterval(escapeMarkdown(valueWords(check.metric, check.candidate)), check, ['candidate']),
    withInterval(differenceWords(check), check, ['difference', 'ratio']),
    statusText(check),
    plain(ruleWords(check), WORDS_LENGTH),
  ]
}

/** The interval stands under what it is of; that there is none stands under the candidate's value. */
function withInterval(value: string, check: Check, of: readonly string[]): string {
  const { metric, interval } = check
  if (interval !== null && of.includes(interval.of)) {
    return `${value}<br><sub>${escapeMarkdown(intervalWords(metric, interval))}</sub>`
  }
  return lacksUncertainty(check) && of.includes('candidate')
    ? `${value}<br><sub>${NO_UNCERTAINTY}</sub>`
    : value
}

export function metricCell(check: Check): string {
  const qualifier = qualifierWords(check)
  const name = plain(check.metric)
  return qualifier === '' ? name : `${name}<br><sub>${plain(qualifier)}</sub>`
}

export function statusText(check: Check): string {
  const warning = check.level === 'warn' && check.status !== 'pass' ? ' (warning)' : ''
  return `${STATUS_MARKS[check.status]} ${STATUS_WORDS[check.status]}${warning}`
}

/** A slice as column = value, both as code; intersections joined by "and". */
export function sliceText(slice: SliceKey): string {
  return conditionsText(conditionsOf(slice))
}

export function conditionsText(conditions: readonly Condition[]): string {
  return conditions
    .map(({ column, value }) =>
      value === null ? `${name(column)} missing` : `${name(column)} = ${name(value)}`,
    )
    .join(' and ')
}
