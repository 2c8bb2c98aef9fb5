import { sampleRatioEValue } from '../stats/sample-ratio.js'
import { advance, watchesStable } from './advance.js'
import { analyse, type RolloutEvidence, recordsOf } from './analyse.js'
import type { AnalysisRow } from './analysis.js'
import { hardStop } from './hard-stops.js'
import type { Look } from './look.js'
import type { RolloutPolicy } from './policy.js'
import { brief, type Reason } from './reason.js'
import type { Tally } from './tally.js'

/**
 * One look at a rollout: pure, valid at every look. Rollback at a guard's e-value of guards/alpha; to the next stage
 * after `minRequests` there; for good only when every promote metric has e-value 1/alpha against "worse by the
 * margin", never because nothing failed. No evidence -> continue.
 */
export function decideLook(policy: RolloutPolicy, evidence: RolloutEvidence): Look {
  const analysis = analyse(policy, evidence)
  const { tally } = evidence
  if (tally === null) return advance(policy, undefined, { analysis, records: [] })
  const stop = hardStop(policy, tally)
  if (stop !== undefined) return ended('rolled-back', [stop], analysis)
  const broken = splitReason(policy, tally) ?? labelsReason(tally)
  if (broken !== undefined) return ended('aborted', [broken], analysis)
  const harm = analysis.filter((row) => row.status === 'rollback')
  if (harm.length > 0) return ended('rolled-back', harm.map(harmReason), analysis)
  const records = watchesStable(policy, tally.stage) ? recordsOf(policy, evidence) : []
  return advance(policy, tally, { analysis, records })
}

function ended(
  ending: 'rolled-back' | 'aborted',
  reasons: readonly Reason[],
  analysis: readonly AnalysisRow[],
): Look {
  return { status: 'rollback', ending, reasons, analysis }
}

/** The sample-ratio e-value of the stage under way; what the weights gave, not what was finished. */
function sampleRatio({ scraped }: RolloutPolicy, { weight, assigned }: Tally): number {
  // With one version alone there is no split: what was under way when it was set still ends at the other.
  if (weight <= 0 || weight >= 100) return 1
  const counts = scraped === true ? nearest(assigned, weight / 100) : assigned
  return sampleRatioEValue({
    counts: [counts.canary, counts.stable],
    weights: [weight, 100 - weight],
  })
}

/** The counts nearest to the share that one interval's worth of requests could have made of them. */
function nearest({ stable, canary, intervals }: Tally['assigned'], share: number) {
  const total = stable + canary
  const slack = (total / Math.max(1, intervals)) * share * (1 - share)
  const beyond = canary - total * share
  const kept = Math.sign(beyond) * Math.max(0, Math.abs(beyond) - slack)
  const moved = Math.round(total * share + kept)
  return { canary: moved, stable: total - moved }
}

function splitReason(policy: RolloutPolicy, tally: Tally): Reason | undefined {
  const eValue = sampleRatio(policy, tally)
  if (eValue < policy.sampleRatioThreshold) return undefined
  const text = `The traffic split is not what was set (sample-ratio e-value ${brief(eValue)}).`
  return { code: 'sample-ratio', text }
}

/** From here on, being wrong every time is no accident of both versions. */
const ALL_WRONG = 20

/** Answers that never equal their label are not written as the labels are: nothing can be learnt from them. */
function labelsReason({ labelled: { answers, wrong } }: Tally): Reason | undefined {
  if (answers < ALL_WRONG || wrong < answers) return undefined
  const text = `None of ${answers} predictions of either version equals its label: are both written in the same way, and is the right output named as prediction?`
  return { code: 'labels-unlike', text }
}

function harmReason(row: AnalysisRow): Reason {
  const name = row.slice === null ? row.metric : `${row.metric} in ${row.slice}`
  return { code: 'worse', text: `${harmText(name, row)} (${harmEvidence(row)}).` }
}

function harmEvidence({ eValue, threshold, statistic }: AnalysisRow): string {
  if (statistic === undefined) {
    return `e-value ${brief(eValue ?? 0)}, rollback at ${brief(threshold ?? 0)}`
  }
  const { name, value, bound } = statistic
  if (name === 'class') return "Kayenta's judge: High"
  if (name === 'z') return `z ${brief(value)}, rollback at ${brief(bound)}`
  return `${value} failed checks, rollback at ${bound}`
}

function harmText(name: string, { metric, method, of, canary, stable }: AnalysisRow): string {
  const ofCanary = `${canary.events} of ${canary.n}`
  if (metric === 'disagreement') return `${name}: ${ofCanary} answers differ from stable's`
  if (method === 'log-mean-normal-mixture') return `${name} is worse by its geometric mean`
  if (of === 'rate') {
    return `${name} is worse than stable's record: canary ${ofCanary}, stable ${stable.events} of ${stable.n} before`
  }
  if (method !== 'sequential-mcnemar') {
    return `${name} is worse: canary ${ofCanary}, stable ${stable.events} of ${stable.n}`
  }
  return `${name} is worse: of ${canary.n} requests that just one version got wrong, the canary got ${canary.events} wrong`
}
