import type { TriggerResult } from '../../drift/acting/result.js'
import type { MultivariateTest, MultivariateTestName } from '../../drift/multivariate/result.js'
import { percent } from '../../drift/wording.js'
import { escapeMarkdown, table } from '../escape.js'
import { folded, paragraphs, plain, WORDS_LENGTH } from '../fragments.js'
import { formatNumber, formatPValue, grouped } from '../words.js'
import { metricRow } from './metric-words.js'
import type { DriftReport } from './shown.js'

/** What was found beside each column's own distribution, each part folded away with its status in sight. */
export function besideColumns(drift: DriftReport): string {
  return paragraphs([
    performanceText(drift),
    multivariateText(drift),
    healthText(drift),
    operationalText(drift),
    triggersText(drift),
  ])
}

const MARKS: Readonly<Record<string, string>> = {
  drifted: '❌',
  fail: '❌',
  inconclusive: '❔',
  'no-data': '❔',
  warn: '⚠️',
  stable: '✅',
  pass: '✅',
}

const MOST_ROWS = 20

function marked(status: string): string {
  return `${MARKS[status] ?? '❔'} ${status.replaceAll('-', ' ')}`
}

export const TEST_NAMES: Readonly<Record<MultivariateTestName, string>> = {
  'domain-classifier': 'Can a classifier tell the two apart?',
  mmd: 'Maximum mean discrepancy',
  pca: 'Reconstruction by principal components',
  correlation: 'Correlations',
}

function multivariateText({ multivariate }: DriftReport): string {
  if (multivariate === undefined) return ''
  const rows = multivariate.tests.map((test) => [
    marked(test.status),
    TEST_NAMES[test.name],
    statisticWords(test),
    test.pValue === null ? '' : formatPValue(test.pValue),
    test.explains.slice(0, 3).map(explainedWords).join('<br>'),
    escapeMarkdown(test.reason),
  ])
  const header = ['', 'Test', 'Result', 'p', 'Explained by', 'Why']
  return folded(`All columns together: ${marked(multivariate.status)}`, table(header, rows))
}

/** `0.72 (0.7 to 0.74), limit 0.6`. */
export function statisticWords({ statistic, interval, threshold }: MultivariateTest): string {
  if (statistic === null) return ''
  const number = (value: number) => formatNumber(Number(value.toPrecision(3)))
  const range = interval === null ? '' : ` (${number(interval.low)} to ${number(interval.high)})`
  return `${number(statistic)}${range}${threshold === null ? '' : `, limit ${number(threshold)}`}`
}

function explainedWords({ columns, share, reference, current }: Explained): string {
  const names = columns.map((column) => plain(column)).join(' and ')
  if (share !== null) return `${names} ${percent(share)}`
  if (reference === null || current === null) return names
  return `${names} ${formatNumber(Number(reference.toFixed(2)))} → ${formatNumber(Number(current.toFixed(2)))}`
}

type Explained = MultivariateTest['explains'][number]

function performanceText({ performance }: DriftReport): string {
  if (performance === undefined) return ''
  const rows = performance.metrics.map((metric) => {
    const { name, before, now, change, margin, basis } = metricRow(metric)
    return [marked(metric.status), plain(name), before, now, change, margin, basis].map((cell) =>
      cell.replaceAll('|', '&#124;'),
    )
  })
  const header = ['', 'Metric', 'Reference', 'Now', 'Change', 'Margin', 'From']
  const notes = performance.notes.slice(0, MOST_ROWS).map((note) => `- ${escapeMarkdown(note)}`)
  return paragraphs([
    `**Performance: ${marked(performance.status)}.** ${escapeMarkdown(performance.explanation)}`,
    folded('Metrics', paragraphs([table(header, rows).trimEnd(), notes.join('\n')])),
  ])
}

function healthText({ health }: DriftReport): string {
  if (health === undefined) return ''
  const open = health.checks.filter(({ status }) => status !== 'pass')
  const lines = open.slice(0, MOST_ROWS).map(({ id, column, status, detail }) => {
    const of = column === null ? plain(id) : plain(column)
    return `- ${marked(status)}: ${of}: ${escapeMarkdown(detail)}`
  })
  if (open.length > MOST_ROWS) lines.push(`- … and ${grouped(open.length - MOST_ROWS)} more.`)
  const said = lines.length === 0 ? escapeMarkdown(health.reason) : lines.join('\n')
  return folded(`Health of the data: ${marked(health.status)}`, said)
}

function operationalText({ operational = [] }: DriftReport): string {
  const rows = operational
    .slice(0, MOST_ROWS)
    .map(({ status, name, reason }) => [marked(status), plain(name), escapeMarkdown(reason)])
  return folded('Operational numbers', table(['', 'Number', 'Why'], rows))
}

function triggersText({ triggers = [] }: DriftReport): string {
  const rows = triggers
    .slice(0, MOST_ROWS)
    .map((trigger) => [
      TRIGGER_MARKS[triggerStatus(trigger)],
      escapeMarkdown(trigger.kind),
      plain(trigger.target ?? ''),
      plain(trigger.reason ?? '', 2 * WORDS_LENGTH),
    ])
  const failed = triggers.filter((trigger) => triggerStatus(trigger) === 'failed').length
  const title = failed === 0 ? 'Triggers' : `Triggers: ❌ ${failed} failed`
  return folded(title, table(['', 'Trigger', 'Where', 'Why'], rows))
}

const TRIGGER_MARKS = { fired: '🔔 fired', failed: '❌ failed', held: '➖ held' } as const

/** What became of a trigger: a guard or the outcome held it, or it went wrong. */
export function triggerStatus({
  fired,
  failed = false,
}: Pick<TriggerResult, 'fired' | 'failed'>): keyof typeof TRIGGER_MARKS {
  if (fired) return 'fired'
  return failed ? 'failed' : 'held'
}
