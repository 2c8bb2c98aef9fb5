import type { Decision } from '../decision.js'
import type { AnalysisRow } from './analysis.js'
import type { Interval } from './observation.js'
import type { RolloutPolicy } from './policy.js'
import type { Reason } from './reason.js'

export type Outcome = 'promoted' | 'rolled-back' | 'held' | 'shadowed' | 'aborted'

const PHASES = [
  'preparing',
  'shifting',
  'observing',
  'holding',
  'promoting',
  'rolling-back',
  'finished',
] as const

export type Phase = (typeof PHASES)[number]

/** One step as the rollout statement has it (CONTRACTS). */
export interface StepRecord {
  readonly weight: number
  readonly startedAt: string
  readonly endedAt: string
  readonly requests: { readonly stable: number; readonly canary: number }
  readonly analysis: readonly AnalysisRow[]
}

/** All that a rollout is: plain JSON, kept in the target, so that whoever comes next can go on or go back. */
export interface RolloutState {
  readonly version: 1
  readonly id: string
  /** The rules it started with: a resumed rollout keeps them, since its evidence is valid only under them. */
  readonly policy: RolloutPolicy
  readonly phase: Phase
  /** Index into the compared steps. */
  readonly step: number
  readonly startedAt: string
  readonly steps: readonly StepRecord[]
  readonly history: readonly Interval[]
  readonly heldSince: string | null
  /** Intervals in a row that could not be read. */
  readonly lost: number
  readonly reasons: readonly Reason[]
  /** How it ends once the traffic is where it belongs. */
  readonly outcome: Outcome | null
  readonly decision: Decision | null
}

export type RolloutEvent =
  | { readonly kind: 'prepared'; readonly at: string }
  | { readonly kind: 'traffic-set'; readonly at: string }
  | { readonly kind: 'observed'; readonly interval: Interval }
  /** The counters could not be compared: the target restarted, or did not answer. */
  | { readonly kind: 'interval-lost'; readonly at: string }
  | { readonly kind: 'promoted'; readonly at: string }
  | { readonly kind: 'rolled-back'; readonly at: string }
  | { readonly kind: 'cancelled'; readonly at: string }
  /** A later run has found it: go on where it stood, or go back. */
  | { readonly kind: 'resumed'; readonly at: string; readonly how: 'finish' | 'rollback' }

/** What to do next. */
export type Command =
  | { readonly kind: 'prepare' }
  | { readonly kind: 'set-traffic'; readonly weight: number; readonly mirror: number }
  | { readonly kind: 'observe' }
  | { readonly kind: 'promote' }
  | { readonly kind: 'rollback'; readonly reason: string }
  | { readonly kind: 'finish'; readonly outcome: Outcome; readonly decision: Decision }

/** The state that a target has kept, or undefined where it is none that this version can go on with. */
export function asRolloutState(kept: unknown): RolloutState | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined
  const fields: Readonly<Record<string, unknown>> = { ...kept }
  const lists = [fields['steps'], fields['history'], fields['reasons']]
  const whole =
    fields['version'] === 1 &&
    typeof fields['id'] === 'string' &&
    typeof fields['step'] === 'number' &&
    typeof fields['policy'] === 'object' &&
    PHASES.some((phase) => phase === fields['phase']) &&
    lists.every(Array.isArray)
  // Written by ourselves into a file that only we may write: the rest is as it was.
  return whole ? (kept as RolloutState) : undefined
}
