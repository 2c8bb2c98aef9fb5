import { code, escapeMarkdown, table } from '../escape.js'
import { formatNumber, mark } from '../words.js'
import { type ProbeReport, probeMarkdown } from './probe.js'

interface AnalysisReport {
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

/** The parts of a rollout statement that its section shows. */
export interface RolloutReport {
  readonly decision: 'pass' | 'warn' | 'fail' | 'inconclusive'
  readonly outcome: string
  readonly mode: string
  readonly target: string
  readonly weight: number
  readonly reason: string
  readonly version: string
  readonly previousVersion: string | null
  readonly probe?: ProbeReport | undefined
  readonly steps: readonly {
    readonly weight: number
    readonly startedAt: string
    readonly endedAt: string
    readonly requests: { readonly stable: number; readonly canary: number }
    readonly analysis: readonly AnalysisReport[]
  }[]
}

const WORDS: Readonly<Record<string, string>> = {
  promoted: 'was promoted: all traffic goes to it',
  'rolled-back': 'was rolled back: no traffic goes to it',
  shadowed: 'was compared as a shadow: no user met it',
  held: 'is held at its weight',
  aborted: 'was stopped: no traffic goes to it',
}

const MOST_ROWS = 12

/** The rollout's section of the comment and the summary. */
export function rolloutMarkdown(rollout: RolloutReport): string {
  const beside = rollout.previousVersion === null ? '' : `, beside ${code(rollout.previousVersion)}`
  return [
    `### Rollout: ${mark(rollout.decision)}`,
    `${code(rollout.version)} ${WORDS[rollout.outcome] ?? escapeMarkdown(rollout.outcome)} (${escapeMarkdown(rollout.mode)} on ${escapeMarkdown(rollout.target)}${beside}). ${escapeMarkdown(rollout.reason)}`,
    probeMarkdown(rollout.probe),
    steps(rollout),
    evidence(rollout),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function steps(rollout: RolloutReport): string {
  const rows = rollout.steps.map(({ weight, requests, startedAt, endedAt }) => [
    `${weight}%`,
    requests.stable.toLocaleString('en-US'),
    requests.canary.toLocaleString('en-US'),
    `${formatNumber((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)} s`,
  ])
  return table(['Weight', 'Stable requests', 'Canary requests', 'Time'], rows)
}

/** The last look, what speaks most against the canary first. */
function evidence(rollout: RolloutReport): string {
  const last = rollout.steps.at(-1)?.analysis ?? []
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
