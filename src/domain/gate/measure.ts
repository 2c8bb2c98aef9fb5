import { type MetricData, type Outcome, undefinedBecause, type Weights } from '../metrics/data.js'
import type { Metric } from '../metrics/metric.js'
import { lackOf } from '../metrics/metric-value.js'
import { outcomeOf } from '../metrics/value.js'
import { kishEffectiveSize } from '../stats/kish.js'
import type { Finding, Question } from './evidence.js'
import { resampledEvidence } from './measure-bootstrap.js'
import { meanEvidence } from './measure-mean.js'
import { rankEvidence } from './measure-rank.js'
import { shareEvidence } from './measure-share.js'

/** What was found for a metric on one slice: estimates, and the evidence on what the rule is about. */
export interface Measurement {
  readonly n: number
  readonly candidate: number | undefined
  readonly baseline: number | undefined
  /** Candidate minus baseline. */
  readonly difference: number | undefined
  readonly finding: Finding
}

/** Groups smaller than this say nothing about a fairness gap: its largest and smallest rates would be theirs. */
const MIN_GROUP = 30

/** Estimates a metric for both models and finds its evidence by the metric's kind. */
export function measure(question: Question): Measurement {
  const { metric, options, pair } = question
  const outcomeFor = (data: MetricData | undefined): Outcome => {
    if (data === undefined) return undefinedBecause('there is no baseline to compare with')
    const lack = lackOf(metric, data, options)
    return lack === undefined ? outcomeOf(metric, data, options) : undefinedBecause(lack)
  }
  const candidate = outcomeFor(pair.candidate)
  const baseline = outcomeFor(pair.baseline)
  const difference =
    candidate.value === undefined || baseline.value === undefined
      ? undefined
      : candidate.value - baseline.value
  const lack =
    missingValue(question, candidate, baseline) ?? smallGroup(question) ?? fewWeighted(question)
  return {
    n: examplesOf(question),
    candidate: candidate.value,
    baseline: baseline.value,
    difference,
    finding: lack === undefined ? withFiniteEnds(evidenceOf(question)) : { reason: lack },
  }
}

/** Examples that the metric rests on: those without a group say nothing about groups. */
function examplesOf({ metric, pair }: Question): number {
  const { n, groups } = pair.candidate
  if (metric.kind !== 'confusion' || !metric.byGroup || groups === undefined) return n
  let grouped = 0
  for (const code of groups.codes) if (code >= 0) grouped++
  return grouped
}

function missingValue(
  question: Question,
  candidate: Outcome,
  baseline: Outcome,
): string | undefined {
  if (candidate.value === undefined) return `the candidate has no value: ${candidate.reason}`
  if (question.of === 'candidate' || baseline.value !== undefined) return undefined
  if (question.pair.baseline === undefined) return baseline.reason
  return `the baseline has no value: ${baseline.reason}`
}

function smallGroup(question: Question): string | undefined {
  const { metric, pair } = question
  const { groups } = pair.candidate
  if (metric.kind !== 'confusion' || !metric.byGroup || groups === undefined) return undefined
  const sizes = new Map<number, number>()
  for (const code of groups.codes) if (code >= 0) sizes.set(code, (sizes.get(code) ?? 0) + 1)
  for (const [code, size] of sizes) {
    if (size >= MIN_GROUP) continue
    return `group "${groups.names[code] ?? ''}" has ${size} examples, and a gap between groups needs ${MIN_GROUP} in each: merge small groups`
  }
  return undefined
}

/** An interval without ends says nothing, and cannot be written down. */
function withFiniteEnds(finding: Finding): Finding {
  const { evidence } = finding
  if (evidence === undefined) return finding
  const { low, high } = evidence.interval
  if (Number.isFinite(low) && Number.isFinite(high)) return finding
  return { reason: 'its numbers are too large or too small for an interval' }
}

function countWeighted(weights: Weights): number {
  let count = 0
  for (let i = 0; i < weights.length; i++) if ((weights[i] ?? 0) > 0) count++
  return count
}

/** Fewer examples than this, by Kish's effective size, are too few where weights make them so few of many. */
const FEWEST_EFFECTIVE = 10

/** A few weights that outweigh all others: variances then rest on the many that hardly count. */
function fewWeighted({ pair }: Question): string | undefined {
  for (const data of [pair.candidate, pair.baseline]) {
    if (data?.weights === undefined) continue
    const effective = kishEffectiveSize(data.weights) ?? 0
    const weighted = countWeighted(data.weights)
    if (effective >= FEWEST_EFFECTIVE || effective >= weighted / 2) continue
    return `a few weights outweigh all others, and its ${weighted} weighted examples say no more than ${Math.ceil(effective)} would`
  }
  return undefined
}

function evidenceOf(question: Question): Finding {
  const metric: Metric = question.metric
  if (question.method === 'bootstrap') return resampledEvidence(question)
  switch (metric.kind) {
    case 'proportion':
    case 'mean':
      return meanEvidence(question, metric)
    case 'rank':
      return rankEvidence(question, metric)
    case 'confusion':
      return shareEvidence(question, metric) ?? resampledEvidence(question)
    case 'rows':
      return resampledEvidence(question)
  }
}
