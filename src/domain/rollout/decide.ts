import { sampleRatioEValue } from '../stats/sample-ratio.js'
import { analyse } from './analyse.js'
import type { AnalysisRow } from './analysis.js'
import { hardStop } from './hard-stops.js'
import type { Interval } from './observation.js'
import { comparedSteps, type RolloutPolicy } from './policy.js'
import type { Reason } from './reason.js'

export interface Look {
  /**
   * `promote`: to the next step, or, at the last one, for good. `inconclusive`: the horizon of this step has
   * passed without evidence either way.
   */
  readonly status: 'continue' | 'promote' | 'rollback' | 'inconclusive'
  /** `aborted`: nothing was found out about the model, because the measurement itself is broken. */
  readonly ending: 'rolled-back' | 'aborted' | undefined
  readonly reasons: readonly Reason[]
  readonly analysis: readonly AnalysisRow[]
}

/**
 * One look at a rollout: pure, valid at every look. Rollback at a guard's e-value of guards/alpha; to the next step
 * after `minRequests` there; for good only when every promote metric has e-value 1/alpha against "worse by the
 * margin", never because nothing failed. No history -> continue.
 */
export function decideLook(policy: RolloutPolicy, history: readonly Interval[]): Look {
  const analysis = analyse(policy, history)
  const stop = hardStop(policy, history)
  if (stop !== undefined) return ended('rolled-back', [stop], analysis)
  const broken = splitReason(policy, history) ?? labelsReason(history)
  if (broken !== undefined) return ended('aborted', [broken], analysis)
  const harm = analysis.filter((row) => row.status === 'rollback')
  if (harm.length > 0) return ended('rolled-back', harm.map(harmReason), analysis)
  return advance(policy, history, analysis)
}

function ended(
  ending: 'rolled-back' | 'aborted',
  reasons: readonly Reason[],
  analysis: readonly AnalysisRow[],
): Look {
  return { status: 'rollback', ending, reasons, analysis }
}

/** The sample-ratio e-value of the step under way; what the weights gave, not what was finished. */
export function stepSampleRatio(history: readonly Interval[]): number {
  const last = history.at(-1)
  if (last === undefined) return 1
  let canary = 0
  let stable = 0
  for (const interval of history) {
    if (interval.step !== last.step || interval.weight !== last.weight) continue
    canary += interval.canary.assigned
    stable += interval.stable.assigned
  }
  return sampleRatioEValue({ counts: [canary, stable], weights: [last.weight, 100 - last.weight] })
}

function splitReason(policy: RolloutPolicy, history: readonly Interval[]): Reason | undefined {
  const eValue = stepSampleRatio(history)
  if (eValue < policy.sampleRatioThreshold) return undefined
  const text = `The traffic split is not what was set (sample-ratio e-value ${brief(eValue)}).`
  return { code: 'sample-ratio', text }
}

/** From here on, being wrong every time is no accident of both versions. */
const ALL_WRONG = 20

/** Answers that never equal their label are not written as the labels are: nothing can be learnt from them. */
function labelsReason(history: readonly Interval[]): Reason | undefined {
  let answers = 0
  let wrong = 0
  for (const { quality } of history) {
    for (const { slice, counts } of quality) {
      if (slice !== undefined) continue
      answers += counts.canary.n + counts.stable.n
      wrong += counts.canary.events + counts.stable.events
    }
  }
  if (answers < ALL_WRONG || wrong < answers) return undefined
  const text = `None of ${answers} predictions of either version equals its label: are both written in the same way, and is the right output named as prediction?`
  return { code: 'labels-unlike', text }
}

function harmReason(row: AnalysisRow): Reason {
  const name = row.slice === null ? row.metric : `${row.metric} in ${row.slice}`
  const evidence = `e-value ${brief(row.eValue ?? 0)}, rollback at ${brief(row.threshold ?? 0)}`
  return { code: 'worse', text: `${harmText(name, row)} (${evidence}).` }
}

function harmText(name: string, { metric, method, canary, stable }: AnalysisRow): string {
  const ofCanary = `${canary.events} of ${canary.n}`
  if (metric === 'disagreement') return `${name}: ${ofCanary} answers differ from stable's`
  if (method !== 'sequential-mcnemar') {
    return `${name} is worse: canary ${ofCanary}, stable ${stable.events} of ${stable.n}`
  }
  return `${name} is worse: of ${canary.n} requests that just one version got wrong, the canary got ${canary.events} wrong`
}

function advance(
  policy: RolloutPolicy,
  history: readonly Interval[],
  analysis: readonly AnalysisRow[],
): Look {
  const last = history.at(-1)
  const look = { ending: undefined, analysis }
  const step = last?.step ?? 0
  const here = history.filter((interval) => interval.step === step)
  const requests = requestsAt(policy, here)
  const open = openReasons(policy, { step, requests, analysis })
  if (open.length === 0) return { ...look, status: 'promote', reasons: [goReason(policy, step)] }
  if (elapsed(here) < policy.horizonMs) return { ...look, status: 'continue', reasons: open }
  const horizon: Reason = { code: 'horizon', text: 'The step ended without enough evidence.' }
  return { ...look, status: 'inconclusive', reasons: [horizon, ...open] }
}

/** In shadow mode the canary answers no user: compared pairs count instead. */
function requestsAt(policy: RolloutPolicy, here: readonly Interval[]): number {
  let requests = 0
  for (const { canary, mirror } of here) {
    requests += policy.mode === 'shadow' ? mirror.agree + mirror.disagree : canary.requests
  }
  return requests
}

interface Progress {
  readonly step: number
  readonly requests: number
  readonly analysis: readonly AnalysisRow[]
}

function openReasons(policy: RolloutPolicy, progress: Progress): Reason[] {
  const open: Reason[] = []
  if (progress.requests < policy.minRequests) {
    const text = `The canary has answered ${progress.requests} of ${policy.minRequests} requests at this step.`
    open.push({ code: 'too-few-requests', text })
  }
  if (!isLastStep(policy, progress.step)) return open
  const asked = progress.analysis.filter((row) => row.promotionEValue !== null)
  for (const row of asked) if (row.status !== 'promote') open.push(evidenceReason(row))
  if (asked.length === 0) {
    open.push({
      code: 'evidence-open',
      text: 'No metric is there to show that the canary is good.',
    })
  }
  return open
}

function isLastStep(policy: RolloutPolicy, step: number): boolean {
  return step >= comparedSteps(policy).length - 1
}

function evidenceReason(row: AnalysisRow): Reason {
  const value = brief(row.promotionEValue ?? 0)
  const needed = brief(row.promotionThreshold ?? 0)
  const text = `${row.metric}: evidence that the canary is not worse is ${value}; promotion needs ${needed}.`
  return { code: 'evidence-open', text }
}

function goReason(policy: RolloutPolicy, step: number): Reason {
  if (!isLastStep(policy, step)) {
    return { code: 'step-done', text: 'Enough requests at this step, and no sign of harm.' }
  }
  return {
    code: 'not-worse',
    text: 'The canary is shown not to be worse by the margin on every metric.',
  }
}

function elapsed(intervals: readonly Interval[]): number {
  const first = intervals[0]
  const last = intervals.at(-1)
  if (first === undefined || last === undefined) return 0
  return Date.parse(last.endedAt) - Date.parse(first.startedAt)
}

function brief(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'infinite'
}
