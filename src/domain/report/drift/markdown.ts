import type {
  ColumnStatus,
  DriftColumn,
  DriftFinding,
  DriftPredicateBody,
} from '../../drift/predicate.js'
import { percent } from '../../drift/wording.js'
import { escapeMarkdown, table } from '../escape.js'
import { countOf, formatNumber, formatPValue, mark } from '../words.js'

const MOST_COLUMNS = 15
const MOST_FINDINGS = 15

const STATUS: Readonly<Record<ColumnStatus, { readonly rank: number; readonly text: string }>> = {
  drifted: { rank: 0, text: '❌ drifted' },
  inconclusive: { rank: 1, text: '❔ inconclusive' },
  stable: { rank: 2, text: '✅ stable' },
}

/** The drift's section of the comment and the summary: what drifted comes first. */
export function driftMarkdown(drift: DriftPredicateBody): string {
  return [
    `### Drift: ${mark(drift.decision)}`,
    `${escapeMarkdown(upperFirst(drift.reason))}. ${comparedRows(drift)}`,
    columnTable(drift),
    findingList(drift.findings),
    drift.columns.length === 0 ? '' : rule(drift),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function comparedRows({ rows }: DriftPredicateBody): string {
  return `${countOf(rows.current, 'current row')} against ${countOf(rows.reference, 'row')} of the reference.`
}

function rule({ alpha, correction }: DriftPredicateBody): string {
  const corrected = correction === 'none' ? 'p-value' : `p-value corrected by ${correction}`
  return `<sub>A column drifts when its ${corrected} is below ${formatNumber(alpha)} and its distance is over its limit, or the same holds for its share of missing cells.</sub>`
}

function columnTable(drift: DriftPredicateBody): string {
  const ordered = drift.columns.toSorted(byUrgency)
  const rows = ordered.slice(0, MOST_COLUMNS).map((column) => columnRow(column, drift.alpha))
  const rest = ordered.slice(MOST_COLUMNS)
  const header = ['', 'Column', 'Test', 'p', 'Distance', 'Missing', 'Why']
  const more =
    rest.length > 0 ? `\n… and ${countOf(rest.length, 'column')} more${restByStatus(rest)}.` : ''
  return `${table(header, rows)}${more}`
}

function restByStatus(rest: readonly DriftColumn[]): string {
  const counts = (['drifted', 'inconclusive', 'stable'] as const).flatMap((status) => {
    const count = rest.filter((column) => column.status === status).length
    return count > 0 ? [`${count} ${status}`] : []
  })
  return ` (${counts.join(', ')})`
}

/** Drifted before inconclusive before stable, critical before others, then how far over the limit. */
function byUrgency(a: DriftColumn, b: DriftColumn): number {
  return (
    STATUS[a.status].rank - STATUS[b.status].rank ||
    Number(b.critical) - Number(a.critical) ||
    excess(b) - excess(a)
  )
}

function excess({ distance }: DriftColumn): number {
  if (distance === null || distance.value === null) return 0
  return distance.value / Math.max(distance.threshold, Number.EPSILON)
}

function columnRow(column: DriftColumn, alpha: number): string[] {
  return [
    STATUS[column.status].text,
    `${escapeMarkdown(column.name)}${column.critical ? ' (critical)' : ''}`,
    column.test === null ? '' : escapeMarkdown(column.test),
    column.adjustedPValue === null ? '' : formatPValue(column.adjustedPValue),
    distanceCell(column),
    missingCell(column),
    why(column, alpha),
  ]
}

/** The whole reason for what needs attention; for the rest a word where the numbers alone would puzzle. */
function why(column: DriftColumn, alpha: number): string {
  if (column.status !== 'stable') return escapeMarkdown(column.reason)
  if (excess(column) > 1) return 'large, but may be chance'
  const certain = column.adjustedPValue !== null && column.adjustedPValue < alpha
  return certain ? 'certain, but small' : ''
}

function distanceCell({ distance }: DriftColumn): string {
  if (distance === null || distance.value === null) return ''
  const value = formatNumber(Number(distance.value.toPrecision(3)))
  return `${escapeMarkdown(distance.name)} ${value} (limit ${formatNumber(distance.threshold)})`
}

function missingCell({ test, nulls }: DriftColumn): string {
  if (test === null) return ''
  const before = percent(nulls.reference)
  const after = percent(nulls.current)
  return before === after ? after : `${before} → ${after}`
}

function findingList(findings: readonly DriftFinding[]): string {
  if (findings.length === 0) return ''
  const lines = findings
    .slice(0, MOST_FINDINGS)
    .map(({ column, detail }) => `- ${escapeMarkdown(column)}: ${escapeMarkdown(detail)}`)
  const rest = findings.length - lines.length
  if (rest > 0) lines.push(`- … and ${rest} more.`)
  return `<details><summary>${countOf(findings.length, 'finding')} beside the statistics</summary>\n\n${lines.join('\n')}\n\n</details>`
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
