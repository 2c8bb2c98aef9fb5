import { code, escapeMarkdown } from '../escape.js'
import { mark } from '../words.js'
import {
  type ApprovalReport,
  approvalWords,
  evidenceMarkdown,
  type StepReport,
  stepsTable,
} from './evidence.js'
import { type ProbeReport, probeMarkdown } from './probe.js'

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
  readonly steps: readonly StepReport[]
  readonly approvals?: readonly ApprovalReport[] | undefined
}

const WORDS: Readonly<Record<string, string>> = {
  promoted: 'was promoted: all traffic goes to it',
  'rolled-back': 'was rolled back: no traffic goes to it',
  shadowed: 'was compared as a shadow: no user met it',
  held: 'is held at its weight',
  aborted: 'was stopped: no traffic goes to it',
}

/** The rollout's section of the comment and the summary. */
export function rolloutMarkdown(rollout: RolloutReport): string {
  const beside = rollout.previousVersion === null ? '' : `, beside ${code(rollout.previousVersion)}`
  return [
    `### Rollout: ${mark(rollout.decision)}`,
    `${code(rollout.version)} ${WORDS[rollout.outcome] ?? escapeMarkdown(rollout.outcome)} (${escapeMarkdown(rollout.mode)} on ${escapeMarkdown(rollout.target)}${beside}). ${escapeMarkdown(rollout.reason)}`,
    approvalWords(rollout.approvals ?? []),
    probeMarkdown(rollout.probe),
    stepsTable(rollout.steps),
    evidenceMarkdown(rollout.steps.at(-1)?.analysis ?? []),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
