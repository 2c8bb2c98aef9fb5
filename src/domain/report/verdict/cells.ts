import type { Check, CheckStatus, SliceKey } from '../../gate/verdict.js'
import { countText } from '../../gate/wording.js'
import { code, escapeMarkdown } from '../escape.js'
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

/** Characters of a name in a cell: a table of long names is none that anybody reads. */
const NAME_LENGTH = 60

/** Characters of what we say ourselves in a cell, with names in it. */
export const WORDS_LENGTH = 120

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

/** A name from outside as code, cut to what a cell can hold. */
export function name(text: string): string {
  return code(brief(text))
}

/** A text from outside, cut to what a cell can hold. */
export function plain(text: string, most = NAME_LENGTH): string {
  return escapeMarkdown(brief(text, most))
}

function brief(text: string, most = NAME_LENGTH): string {
  const characters = [...text.slice(0, 4 * most)]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

/** Parts of a text with blank lines between them; empty ones are left out. */
export function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

/** A block that is folded away under a summary; nothing for nothing. */
export function folded(summary: string, content: string): string {
  if (content === '') return ''
  return `<details><summary>${summary}</summary>\n\n${content.trimEnd()}\n\n</details>`
}
