import type { ColumnStatus } from '../../drift/predicate.js'
import { escapeMarkdown, table } from '../escape.js'
import { folded, plain } from '../fragments.js'
import { countOf, formatNumber, grouped } from '../words.js'
import { briefRemark, certaintyWords, distanceNumber, missingWords } from './column-words.js'
import { ranked, tally } from './order.js'
import type { DriftReport, ShownColumn } from './shown.js'

const MOST_COLUMNS = 15
const MOST_FINDINGS = 15
/** Of what else changed in a column: the report has all. */
const MOST_DETAILS = 3

const MARKS: Readonly<Record<ColumnStatus, string>> = {
  drifted: '❌ drifted',
  unconfirmed: '⚠️ unconfirmed',
  inconclusive: '❔ inconclusive',
  stable: '✅ stable',
}

/** The columns that need attention first; the rest are counted. */
export function columnTable({ columns, alpha }: DriftReport): string {
  const ordered = ranked(columns)
  const rows = ordered.slice(0, MOST_COLUMNS).map((column) => columnRow(column, alpha))
  const rest = ordered.slice(MOST_COLUMNS)
  const header = ['', 'Column', 'Test', 'p', 'Distance', 'Missing', 'Why']
  const more =
    rest.length > 0 ? `\n… and ${countOf(rest.length, 'column')} more (${tally(rest)}).` : ''
  return `${table(header, rows)}${more}`
}

function columnRow(column: ShownColumn, alpha: number): string[] {
  return [
    MARKS[column.status],
    `${plain(column.name)}${column.critical ? ' (critical)' : ''}`,
    column.test === null ? '' : escapeMarkdown(column.test),
    certaintyWords(column),
    distanceCell(column),
    missingWords(column),
    // The whole reason for what needs attention, a word for the rest.
    column.status === 'stable' ? briefRemark(column, alpha) : whyCell(column),
  ]
}

function whyCell({ reason, details = [] }: ShownColumn): string {
  const more = details
    .slice(0, MOST_DETAILS)
    .map((detail) => `<br><sub>${escapeMarkdown(detail)}</sub>`)
  return `${escapeMarkdown(reason)}${more.join('')}`
}

function distanceCell({ distance }: ShownColumn): string {
  if (distance === null || distance.value === null) return ''
  const { name, value, threshold } = distance
  return `${escapeMarkdown(name)} ${distanceNumber(value)} (limit ${formatNumber(threshold)})`
}

/** What stands out beside the statistics, folded away. */
export function findingList({ findings }: DriftReport): string {
  const lines = findings
    .slice(0, MOST_FINDINGS)
    .map(({ column, detail }) => `- ${plain(column)}: ${escapeMarkdown(detail)}`)
  const rest = findings.length - lines.length
  if (rest > 0) lines.push(`- … and ${grouped(rest)} more.`)
  return folded(`${countOf(findings.length, 'finding')} beside the statistics`, lines.join('\n'))
}
