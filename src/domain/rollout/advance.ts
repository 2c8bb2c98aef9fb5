import type { AnalysisRow } from './analysis.js'
import type { Look } from './look.js'
import { allowedWeight } from './pace.js'
import { isLastCompared, isSoak, type RolloutPolicy, stagesOf } from './policy.js'
import { brief, type Reason } from './reason.js'
import { recordReasons } from './record.js'
import { elapsedAt, type Tally } from './tally.js'

/** Whether the rollout goes on to another stage, where nothing speaks against the canary. */
export function advance(
  policy: RolloutPolicy,
  tally: Tally | undefined,
  { analysis, records }: Rows,
): Look {
  const stage = tally?.stage ?? 0
  const elapsed = tally === undefined ? 0 : elapsedAt(tally)
  const next = nextStage(policy, stage, analysis)
  const progress = { policy, stage, elapsed, tally, analysis, records, next }
  const open = openReasons(progress)
  const look = { ending: undefined, analysis }
  if (open.length === 0) {
    return { ...look, status: 'promote', next, reasons: [goReason(policy, stage)] }
  }
  const watched = isSoak(policy, stage) || watchesStable(policy, stage)
  const horizon = policy.horizonMs + (watched ? (policy.soakMs ?? 0) : 0)
  if (elapsed < horizon) return { ...look, status: 'continue', reasons: open }
  const ended: Reason = { code: 'horizon', text: 'The step ended without enough evidence.' }
  return { ...look, status: 'inconclusive', reasons: [ended, ...open] }
}

interface Rows {
  readonly analysis: readonly AnalysisRow[]
  /** What the canary will be held to once it has all users. */
  readonly records: readonly AnalysisRow[]
}

interface Progress extends Rows {
  readonly policy: RolloutPolicy
  readonly stage: number
  /** Milliseconds at this stage. */
  readonly elapsed: number
  readonly tally: Tally | undefined
  readonly next: number
}

/**
 * The stage after this one; by evidence the highest whose weight it allows, and this one where it allows none. Where a person is to be
 * asked on the way, no evidence goes past it.
 */
function nextStage(policy: RolloutPolicy, stage: number, analysis: readonly AnalysisRow[]): number {
  if (policy.pace !== 'evidence' || isLastCompared(policy, stage) || isSoak(policy, stage)) {
    return stage + 1
  }
  const allowed = allowedWeight(policy, analysis)
  const stages = stagesOf(policy)
  const reachable = stages.findLastIndex((weight) => weight < 100 && weight <= allowed)
  const asks = stages.findIndex(
    (weight, i) => i > stage && policy.holdAt?.includes(weight) === true,
  )
  return Math.max(stage, asks === -1 ? reachable : Math.min(reachable, asks))
}

function openReasons(progress: Progress): Reason[] {
  const { policy, stage } = progress
  const open = tooFew(progress)
  if (isSoak(policy, stage)) return [...open, ...soakReasons(progress)]
  if (watchesStable(policy, stage)) return [...open, ...watchReasons(progress)]
  if (!isLastCompared(policy, stage)) return [...open, ...paceReasons(progress)]
  return [...open, ...evidenceReasons(progress.analysis)]
}

function tooFew({ policy, tally }: Progress): Reason[] {
  const requests = requestsAt(policy, tally)
  if (requests >= policy.minRequests) return []
  const who = watchesStable(policy, tally?.stage ?? 0) ? 'stable version' : 'canary'
  const text = `The ${who} has answered ${requests} of ${policy.minRequests} requests at this step.`
  return [{ code: 'too-few-requests', text }]
}

/** In shadow mode the canary answers no user: compared pairs count instead, or the copies where they are counted; before blue-green's switch, stable's. */
function requestsAt(policy: RolloutPolicy, tally: Tally | undefined): number {
  if (tally === undefined) return 0
  const { requests, stage } = tally
  if (policy.mode === 'shadow') return Math.max(tally.compared, requests.canary)
  return watchesStable(policy, stage) ? requests.stable : requests.canary
}

/** For a record that says enough stable is watched as long as the canary will be, and no longer. */
function watchReasons({ policy, elapsed, records }: Progress): Reason[] {
  return elapsed < (policy.soakMs ?? 0) ? recordReasons(policy, records) : []
}

/** Before blue-green's switch nothing is compared: stable is watched for its record. */
export function watchesStable(policy: RolloutPolicy, stage: number): boolean {
  return policy.mode === 'blue-green' && stage === 0
}

function soakReasons({ policy, elapsed }: Progress): Reason[] {
  const soak = policy.soakMs ?? 0
  if (elapsed >= soak) return []
  const minutes = (milliseconds: number) => brief(milliseconds / 60_000)
  const text = `The canary has had all users for ${minutes(elapsed)} of ${minutes(soak)} minutes.`
  return [{ code: 'soaking', text }]
}

function paceReasons({ policy, stage, next, analysis }: Progress): Reason[] {
  if (next > stage) return []
  const allowed = allowedWeight(policy, analysis)
  const wanted = stagesOf(policy)[stage + 1] ?? 100
  const text = `The evidence allows a weight of ${brief(allowed)} %; the next is ${wanted} %.`
  return [{ code: 'evidence-open', text }]
}

function evidenceReasons(analysis: readonly AnalysisRow[]): Reason[] {
  const asked = analysis.filter((row) => row.promotionEValue !== null)
  if (asked.length === 0) {
    const text = 'No metric is there to show that the canary is good.'
    return [{ code: 'evidence-open', text }]
  }
  return asked.flatMap((row) => (row.status === 'promote' ? [] : [evidenceReason(row)]))
}

function evidenceReason(row: AnalysisRow): Reason {
  const value = brief(row.promotionEValue ?? 0)
  const needed = brief(row.promotionThreshold ?? 0)
  const text = `${row.metric}: evidence that the canary is not worse is ${value}; promotion needs ${needed}.`
  return { code: 'evidence-open', text }
}

function goReason(policy: RolloutPolicy, stage: number): Reason {
  if (isSoak(policy, stage)) {
    return { code: 'soaked', text: "The canary kept to stable's record with all users." }
  }
  if (!isLastCompared(policy, stage) || watchesStable(policy, stage)) {
    return { code: 'step-done', text: 'Enough requests at this step, and no sign of harm.' }
  }
  const text =
    policy.mode === 'ab'
      ? 'The canary is shown to be better on every metric.'
      : 'The canary is shown not to be worse by the margin on every metric.'
  return { code: 'not-worse', text }
}
