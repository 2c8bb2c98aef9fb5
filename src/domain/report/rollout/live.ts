import { type CommandName, usageOf } from '../../rollout/commands.js'
import type { Pins } from '../../rollout/pin.js'
import { code, escapeMarkdown, table } from '../escape.js'
import { captioned, folded, paragraphs } from '../fragments.js'
import { link } from '../link.js'
import { xyChart } from '../mermaid.js'
import { grouped } from '../words.js'
import {
  type ApprovalReport,
  approvalWords,
  evidenceMarkdown,
  type StepReport,
} from './evidence.js'

/** What a rollout is doing. */
export type LivePhase =
  | 'preparing'
  | 'shifting'
  | 'observing'
  | 'holding'
  | 'promoting'
  | 'rolling-back'
  | 'finished'

/** A rollout that is under way, as people see it. */
export interface LiveRollout {
  readonly environment: string
  readonly version: string
  readonly previousVersion: string | null
  readonly mode: string
  readonly target: string
  readonly phase: LivePhase
  /** Set while it waits for a person; `by` is null where its own step says so. */
  readonly hold?: { readonly since: string; readonly by: string | null } | undefined
  /** Of users' requests that the new version gets now, percent. */
  readonly weight: number
  /** The weights that it goes through, in order, and at which it is. */
  readonly planned: readonly number[]
  readonly step: number
  /** Those that were looked at, in order. */
  readonly steps: readonly StepReport[]
  readonly looks: readonly LookReport[]
  /** Why it is where it is, in sentences. */
  readonly reasons: readonly string[]
  readonly approvals?: readonly ApprovalReport[] | undefined
  /** ISO 8601. */
  readonly lastLook: string | undefined
  readonly nextLook: string | undefined
  readonly runUrl: string | undefined
  readonly pins: Pins
  /** What people may tell it now. */
  readonly commands: readonly CommandName[]
}

export interface LookReport {
  readonly at: string
  readonly weight: number
  readonly evidence: readonly {
    readonly eValue: number | null
    readonly threshold: number | null
  }[]
}

const WORDS: Readonly<Record<LivePhase, string>> = {
  preparing: '⏳ being prepared',
  shifting: '⏳ changing weights',
  observing: '👀 under way',
  holding: '⏸️ waiting for evidence',
  promoting: '⏫ being promoted',
  'rolling-back': '⏪ going back',
  finished: 'ended',
}

/** The section of a rollout that is under way; the usual one takes its place at the end. */
export function liveMarkdown(rollout: LiveRollout): string {
  const { phase, hold, weight, approvals = [], steps } = rollout
  const state = hold === undefined ? WORDS[phase] : '⏸️ held'
  return paragraphs([
    `### Rollout to ${code(rollout.environment)}: ${state} at ${weight}%`,
    headline(rollout),
    approvalWords(approvals),
    stepsAhead(rollout),
    captioned(
      'How near the evidence for harm is to rolling back (100%), on a logarithmic scale, and the weight:',
      chart(rollout.looks),
    ),
    evidenceMarkdown(steps.at(-1)?.analysis ?? []),
    times(rollout),
    commands(rollout),
  ])
}

function headline(rollout: LiveRollout): string {
  const { version, previousVersion, mode, target, weight, hold, reasons } = rollout
  const beside = previousVersion === null ? '' : `, beside ${code(previousVersion)}`
  const users = `${code(version)} gets ${weight}% of the requests (${escapeMarkdown(mode)} on ${escapeMarkdown(target)}${beside}).`
  const why = reasons.map((reason) => escapeMarkdown(reason))
  return [users, holdWords(hold), ...why].filter((part) => part !== '').join(' ')
}

function holdWords(hold: LiveRollout['hold']): string {
  if (hold === undefined) return ''
  const by = hold.by === null ? 'as its step says' : `by ${code(hold.by)}`
  return `Held since ${time(hold.since)} ${by}; only a person's word goes on.`
}

/** A row for every weight: those behind, the present one, and those ahead. */
function stepsAhead({ planned, step, steps }: LiveRollout): string {
  // Replicas come in whole numbers: the weight that was met is near the one that was planned.
  const rowOf = (met: number) => nearest(planned, met)
  const rows = planned.map((weight, index) => {
    const seen = steps.find((taken) => rowOf(taken.weight) === index)
    return [
      `${weight}%`,
      index < step && seen === undefined ? '⏭️ skipped' : stepState(index - step),
      seen === undefined ? '' : grouped(seen.requests.stable),
      seen === undefined ? '' : grouped(seen.requests.canary),
      seen === undefined ? '' : duration(Date.parse(seen.endedAt) - Date.parse(seen.startedAt)),
    ]
  })
  return table(['Weight', '', 'Stable requests', 'Canary requests', 'Time'], rows).trimEnd()
}

function nearest(planned: readonly number[], met: number): number {
  const distances = planned.map((weight) => Math.abs(weight - met))
  return distances.indexOf(Math.min(...distances))
}

function stepState(ahead: number): string {
  if (ahead === 0) return '▶️ now'
  return ahead < 0 ? '✅ done' : 'ahead'
}

/** Looks in the chart: more are not told apart. */
const MOST_LOOKS = 30

function chart(looks: readonly LookReport[]): string {
  const shown = looks.slice(-MOST_LOOKS)
  if (shown.length < 2) return ''
  return xyChart({
    title: 'Evidence at each look',
    labels: shown.map(({ at }) => at.slice(11, 19).replaceAll(':', '.')),
    unit: 'percent',
    series: [
      { kind: 'bar', colour: 'faint', values: shown.map(({ weight }) => weight) },
      { kind: 'line', colour: 'second', values: shown.map(nearness) },
    ],
  })
}

/** How far the strongest metric is on its way to its threshold: logarithms, in percent from 0 to 100. */
function nearness({ evidence }: LookReport): number {
  const shares = evidence.map(({ eValue, threshold }) => {
    if (eValue === null || threshold === null || threshold <= 1 || eValue <= 1) return 0
    return Math.min(1, Math.log(eValue) / Math.log(threshold))
  })
  return 100 * Math.max(0, ...shares)
}

function times({ lastLook, nextLook, runUrl }: LiveRollout): string {
  const parts = [
    lastLook === undefined ? 'Nothing was looked at yet' : `Last look ${time(lastLook)}`,
    nextLook === undefined ? '' : `next look ${time(nextLook)}`,
    runUrl === undefined ? '' : link('the run', runUrl),
  ]
  return `${parts.filter((part) => part !== '').join(' · ')}.`
}

function commands({ commands: names, pins }: LiveRollout): string {
  if (names.length === 0) return ''
  const lines = names.map((name) => usageOf(name, pins)).join('\n')
  return folded(
    'Tell it what to do',
    `Write a comment of your own whose first line is one of these, and say why on the same line:\n\n\`\`\`\n${lines}\n\`\`\``,
  )
}

/** To the second, in UTC; empty for what is no time. */
function time(iso: string): string {
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return ''
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
