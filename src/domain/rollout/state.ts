import type { Decision } from '../decision.js'
import { analyse, type RolloutEvidence } from './analyse.js'
import type { AnalysisRow } from './analysis.js'
import type { Interval, Reading } from './observation.js'
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

/** The evidence for harm at one look, for the picture of a rollout. */
export interface LookRecord {
  readonly at: string
  readonly weight: number
  readonly evidence: readonly Pick<AnalysisRow, 'metric' | 'slice' | 'eValue' | 'threshold'>[]
}

export interface LastSeen {
  readonly weight: number
  readonly reading: Reading
  /** Where the target goes on reading single answers. */
  readonly cursor: string
}

/** A rollout that waits for a person. */
export interface Hold {
  /** ISO 8601. */
  readonly since: string
  /** Who held it; null where its step says so. */
  readonly by: string | null
}

/** All that a rollout is: plain JSON, kept in the target, so that whoever comes next can go on or go back. */
export interface RolloutState {
  readonly version: 2
  readonly id: string
  /** The rules it started with: a resumed rollout keeps them, since its evidence is valid only under them. */
  readonly policy: RolloutPolicy
  readonly phase: Phase
  /** Index into the stages of the policy. */
  readonly step: number
  readonly startedAt: string
  readonly steps: readonly StepRecord[]
  readonly evidence: RolloutEvidence
  /** Thinned out as they become many; the last is always there. */
  readonly looks: readonly LookRecord[]
  /** Since when it is without evidence either way. */
  readonly heldSince: string | null
  readonly hold: Hold | null
  /** Weights whose hold a person has ended. */
  readonly released: readonly number[]
  /** Comments that were carried out: none is twice. */
  readonly applied?: readonly number[] | undefined
  /** ISO 8601: when somebody last drove it. */
  readonly attendedAt: string
  /** The last reading at the present weight: the next one is compared with it, also by a later run. */
  readonly seen?: LastSeen | null | undefined
  /** Intervals in a row that could not be read. */
  readonly lost: number
  readonly reasons: readonly Reason[]
  /** How it ends once the traffic is where it belongs. */
  readonly outcome: Outcome | null
  readonly decision: Decision | null
}

/** What a person said. */
interface Said {
  readonly at: string
  readonly by: string
  /** The number of the comment that said it, where one did. */
  readonly comment?: number | undefined
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
  /** A person says what is to be done, whatever the evidence says. */
  | (Said & { readonly kind: 'told'; readonly to: 'promote' | 'rollback' })
  | (Said & { readonly kind: 'held' })
  | (Said & { readonly kind: 'released' })
  /** What the target or a probe says outside the statistics: go back. */
  | { readonly kind: 'stopped'; readonly at: string; readonly reason: Reason }
  /**
   * A later run has found it: go on where it stood, or go back. `untouched`: the weights are as they were left, and what
   * users met since then is counted.
   */
  | {
      readonly kind: 'resumed'
      readonly at: string
      readonly how: 'finish' | 'rollback'
      readonly untouched?: boolean | undefined
      /** Why it goes back, where that is not its own policy. */
      readonly reason?: Reason | undefined
    }

/** What to do next. */
export type Command =
  | { readonly kind: 'prepare' }
  | { readonly kind: 'set-traffic'; readonly weight: number; readonly mirror: number }
  | { readonly kind: 'observe' }
  | { readonly kind: 'promote' }
  | { readonly kind: 'rollback'; readonly reason: string }
  | { readonly kind: 'finish'; readonly outcome: Outcome; readonly decision: Decision }

/** What nobody has decided yet: traffic is at a weight, and it is watched. */
export function isWatching({ phase }: RolloutState): boolean {
  return phase === 'observing' || phase === 'holding'
}

/** The state that a target has kept, or undefined where it is none that this version can go on with. */
export function asRolloutState(kept: unknown): RolloutState | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined
  const fields: Readonly<Record<string, unknown>> = { ...kept }
  const lists = ['steps', 'looks', 'reasons', 'released'].map((name) => fields[name])
  const whole =
    fields['version'] === 2 &&
    typeof fields['id'] === 'string' &&
    typeof fields['step'] === 'number' &&
    typeof fields['policy'] === 'object' &&
    PHASES.some((phase) => phase === fields['phase']) &&
    lists.every(Array.isArray)
  // Written by ourselves where only we may write: the rest is as it was, unless a hand has changed it.
  return whole && isReadable(kept as RolloutState) ? (kept as RolloutState) : undefined
}

function isReadable({ policy, evidence }: RolloutState): boolean {
  try {
    analyse(policy, evidence)
    return true
  } catch {
    return false
  }
}
