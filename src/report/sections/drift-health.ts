import type { HealthCheck } from '../../domain/drift/health/result.js'
import type { OperationalResult } from '../../domain/drift/monitoring/operational-result.js'
import type { DriftReport } from '../../domain/report/drift/shown.js'
import { windowWords } from '../../domain/report/drift/windows.js'
import {
  countOf,
  formatNumber,
  formatPValue,
  grouped,
  upperFirst,
} from '../../domain/report/words.js'
import { numericDistribution } from '../drawings/distribution.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'
import { firstRows, tableOf } from '../table.js'

const MOST_CHECKS = 200
const RANK = ['fail', 'inconclusive', 'warn', 'pass']

/** What is wrong with the current data itself; what is right is folded away. */
export function health({ health: found }: DriftReport): Html {
  if (found === undefined) return html``
  const checks = found.checks.toSorted((a, b) => RANK.indexOf(a.status) - RANK.indexOf(b.status))
  const open = checks.filter(({ status }) => status !== 'pass')
  const passed = checks.filter(({ status }) => status === 'pass')
  const well =
    passed.length === 0
      ? html``
      : html`<details><summary>${countOf(passed.length, 'check')} passed</summary>${checkTable('Checks that passed', passed)}</details>`
  return html`<h3 id="drift-health">Health of the data ${badge(found.status)}</h3><p>${upperFirst(found.reason)}.</p>${checkTable('Checks that did not pass', open)}${well}`
}

function checkTable(caption: string, checks: readonly HealthCheck[]): Html {
  const { shown, rest } = firstRows(checks, MOST_CHECKS)
  const rows = shown.map(({ id, column, status, observed, expected, failedRows, detail }) => [
    badge(status),
    html`${id}${column === null ? html`` : html`<small>${column}</small>`}`,
    shownValue(observed),
    shownValue(expected),
    grouped(failedRows),
    detail,
  ])
  const header = ['', 'Check', 'Found', 'Expected', 'Rows', 'In words']
  return html`${tableOf(caption, header, rows)}${rest}`
}

function shownValue(value: string | number): string {
  return typeof value === 'number' ? formatNumber(value) : value
}

/** Latency, throughput, error rates: each rule, and what it was held against. */
export function operational({ operational: all = [] }: DriftReport): Html {
  if (all.length === 0) return html``
  const rows = all.map((one) => [
    badge(one.status),
    html`${one.name}<small>${one.query}</small>`,
    `${one.of} ${one.value === null ? '–' : formatNumber(one.value)}`,
    one.interval === null
      ? '–'
      : `${formatNumber(one.interval.low)} to ${formatNumber(one.interval.high)}`,
    `${one.rule.replaceAll('-', ' ')} ${formatNumber(one.limit)}`,
    one.adjustedPValue === null ? '–' : formatPValue(one.adjustedPValue),
    one.reason,
  ])
  const header = ['', 'Number', 'Value', 'Interval', 'Rule', 'Corrected p', 'Why']
  return html`<h3 id="drift-operational">Operational numbers</h3>${tableOf('Operational numbers', header, rows)}${histograms(all)}`
}

function histograms(all: readonly OperationalResult[]): Html {
  const drawn = all.flatMap(({ name, histogram, window, before }) => {
    if (histogram?.kind !== 'numeric') return []
    const against = before === null ? '' : ` Before: ${windowWords(`${before.from}/${before.to}`)}.`
    const drawing = numericDistribution(histogram, `Distribution of ${name}, before and now`)
    return [
      html`<figure>${drawing}<figcaption><strong>${name}.</strong> Filled: before. Line: ${windowWords(`${window.from}/${window.to}`)}.${against}</figcaption></figure>`,
    ]
  })
  return drawn.length === 0 ? html`` : html`<div class="figures">${drawn}</div>`
}
