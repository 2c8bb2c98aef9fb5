import type { Check } from '../../domain/gate/verdict.js'
import { countText } from '../../domain/gate/wording.js'
import {
  claimWords,
  conditionsOf,
  conditionWords,
  differenceWords,
  intervalWords,
  lacksUncertainty,
  methodWords,
  NO_UNCERTAINTY,
  neededWords,
  qualifierWords,
  ruleWords,
  testWords,
  valueWords,
} from '../../domain/report/verdict/check-words.js'
import { openChecks, worstFirst } from '../../domain/report/verdict/checks.js'
import type { ShownVerdict } from '../../domain/report/verdict/shown.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'
import { firstRows, tableOf } from '../table.js'

const MOST_CHECKS = 200
const MOST_SLICES = 300
const MOST_REASONS = 50
/** So few slices are shown unfolded. */
const FEW_SLICES = 20

/** The rules on all examples, in their own order. */
export function overallTable(checks: readonly Check[]): Html {
  const { shown, rest } = firstRows(
    checks.filter(({ slice }) => slice === null),
    MOST_CHECKS,
  )
  const header = [
    'Verdict',
    'Metric',
    'Baseline',
    'Candidate',
    'Difference',
    'Interval',
    'Rule',
    'Test',
  ]
  return html`${tableOf('Rules on all examples', header, shown.map(row))}${rest}`
}

function row(check: Check): readonly (Html | string)[] {
  return [
    statusOf(check),
    metricOf(check),
    valueWords(check.metric, check.baseline),
    valueWords(check.metric, check.candidate),
    differenceWords(check),
    intervalOf(check),
    ruleWords(check),
    testOf(check),
  ]
}

function sliceRow(check: Check): readonly (Html | string)[] {
  const [status = '', metric = '', ...rest] = row(check)
  return [status, metric, sliceWords(check), countText(check.n), ...rest]
}

function statusOf(check: Check): Html {
  const warning =
    check.level === 'warn' && check.status !== 'pass' ? html`<small>warning only</small>` : html``
  return html`${badge(check.status)}${warning}`
}

function metricOf(check: Check): Html {
  const qualifier = qualifierWords(check)
  return html`${check.metric}${qualifier === '' ? html`` : html`<small>${qualifier}</small>`}`
}

function intervalOf(check: Check): Html | string {
  const { metric, interval } = check
  if (interval === null) return lacksUncertainty(check) ? NO_UNCERTAINTY : '–'
  return html`${intervalWords(metric, interval)}<small>${methodWords(interval)}</small>`
}

function testOf(check: Check): Html | string {
  if (check.test === null && check.claim === null) return '–'
  const claim =
    check.claim === null ? html`` : html`<small>rule broken: ${claimWords(check)}</small>`
  return html`${testWords(check)}${claim}`
}

/** `sex = F and age_band = 60+`, or `all`. */
export function sliceWords({ slice }: Check): string {
  return slice === null ? 'all' : conditionWords(conditionsOf(slice))
}

/** Why what did not pass did not, and what would settle it. */
export function reasons(verdict: ShownVerdict): Html {
  const open = openChecks(verdict)
  if (open.length === 0) return html``
  const { shown, rest } = firstRows(open, MOST_REASONS)
  return html`<h3>What did not pass</h3><ul>${shown.map(reason)}</ul>${rest}`
}

function reason(check: Check): Html {
  const needed = neededWords(check)
  const where = check.slice === null ? '' : ` in ${sliceWords(check)}`
  const level = check.level === 'warn' ? ' (warning only)' : ''
  const why = needed === '' ? check.reason : `${check.reason.replace(/\.$/, '')}. ${needed}`
  return html`<li>${badge(check.status)}${where}${level}: ${why}</li>`
}

/** The slices that the rules name, worst first; many are folded away. */
export function declaredSlices({ checks, slices }: ShownVerdict): Html {
  const all = worstFirst(checks.filter(({ slice }) => slice !== null))
  if (all.length === 0) return html``
  const { shown, rest } = firstRows(all, MOST_SLICES)
  const header = [
    'Verdict',
    'Metric',
    'Slice',
    'Examples',
    'Baseline',
    'Candidate',
    'Difference',
    'Interval',
    'Rule',
    'Test',
  ]
  const content = html`${tableOf('Rules on slices, worst first', header, shown.map(sliceRow))}${rest}${tooSmall(slices)}`
  const title = `${countText(all.length)} rules on slices`
  return all.length <= FEW_SLICES
    ? html`<h3>Slices</h3>${content}`
    : html`<h3>Slices</h3><details><summary>${title}</summary>${content}</details>`
}

function tooSmall(slices: ShownVerdict['slices']): Html {
  const small = slices.filter(({ skipped }) => skipped > 0)
  return html`${small.map(
    ({ column, skipped, values, minSize }) =>
      html`<p class="faint">${countText(skipped)} of ${countText(values)} values of ${column} have fewer than ${countText(minSize)} examples and were not judged.</p>`,
  )}`
}
