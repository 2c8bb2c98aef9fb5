import { code, escapeMarkdown, table } from '../escape.js'
import { formatNumber } from '../words.js'

export interface AnalysisReport {
  readonly metric: string
  readonly slice: string | null
  readonly method: string
  readonly of: string
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
  readonly eValue: number | null
  readonly threshold: number | null
  readonly status: string
}

/** A step as a statement or a rollout under way has it. */
export interface StepReport {
  readonly weight: number
  readonly startedAt: string
  readonly endedAt: string
  readonly requests: { readonly stable: number; readonly canary: number }
  readonly analysis: readonly AnalysisReport[]
}

/** Who approved, and by which rule. */
export interface ApprovalReport {
  readonly by: string
  readonly rule?: string | undefined
}

const MOST_ROWS = 12

/** Who approved a rollout, in a sentence; empty where nobody was asked. */
export function approvalWords(approvals: readonly ApprovalReport[]): string {
  if (approvals.length === 0) return ''
  const names = approvals.map(({ by, rule }) => {
    const why = rule === undefined ? '' : ` (${escapeMarkdown(rule)})`
    return `${code(by)}${why}`
  })
  return `Approved by ${names.join(', ')}.`
}

/** The steps that were taken. */
export function stepsTable(steps: readonly StepReport[]): string {
  const rows = steps.map(({ weight, requests, startedAt, endedAt }) => [
    `${weight}%`,
    requests.stable.toLocaleString('en-US'),
    requests.canary.toLocaleString('en-US'),
    `${formatNumber((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)} s`,
  ])
  return table(['Weight', 'Stable requests', 'Canary requests', 'Time'], rows)
}

/** The last look, what speaks most against the canary first. */
export function evidenceMarkdown(last: readonly AnalysisReport[]): string {
  const sorted = [...last].sort((a, b) => strength(b) - strength(a))
  const rows = sorted
    .slice(0, MOST_ROWS)
    .map((row) => [
      escapeMarkdown(row.metric),
      row.slice === null ? 'all' : escapeMarkdown(row.slice),
      row.estimate === null ? '' : `${formatNumber(row.estimate)} (${row.of})`,
      interval(row),
      row.eValue === null || row.threshold === null
        ? ''
        : `${formatNumber(row.eValue)} of ${formatNumber(row.threshold)}`,
      escapeMarkdown(row.status),
    ])
  if (rows.length === 0) return ''
  const rest = sorted.length - rows.length
  const more = rest > 0 ? `\n… and ${rest} more in the statement.` : ''
  return `<details><summary>Evidence at the last look</summary>\n\n${table(['Metric', 'Slice', 'Estimate', 'Interval', 'E-value for harm', 'Says'], rows)}${more}\n\nAn e-value at its threshold rolls back; looking at any time is allowed.\n</details>`
}

function interval({ low, high }: AnalysisReport): string {
  if (low === null && high === null) return ''
  return `${low === null ? '−∞' : formatNumber(low)} to ${high === null ? '∞' : formatNumber(high)}`
}

function strength({ eValue, threshold }: AnalysisReport): number {
  return eValue === null || threshold === null || threshold === 0 ? -1 : eValue / threshold
}
