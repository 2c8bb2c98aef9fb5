import { labelOf } from '../label.js'
import { percent, shortNumber } from '../wording.js'
import type { ColumnsResult, ConceptResult, Judgement, PerformanceResult } from './result.js'

type Told = Pick<
  PerformanceResult,
  'status' | 'metrics' | 'labels' | 'covariates' | 'concept' | 'predictions' | 'positive'
>

/**
 * Which kind of change it is, in one to three sentences: of the relation between inputs and labels (concept drift), of the labels'
 * shares (label drift), of the inputs alone (covariate drift), or none; and what it did to performance.
 */
export function explain(found: Told): string {
  return [conceptWords(found), labelWords(found), inputWords(found)]
    .filter((sentence) => sentence !== undefined)
    .map((sentence) => `${sentence}.`)
    .join(' ')
}

function conceptWords({ concept, status }: Told): string | undefined {
  if (concept.status !== 'drifted') return undefined
  const harm = status === 'stable' ? ', but performance is still within its margins' : ''
  return `The relation between inputs and labels changed: ${outcomeWords(concept)}${harm}`
}

function outcomeWords({ loss, realised, expected, distance }: ConceptResult): string {
  const [is, was] = [realised ?? 0, expected ?? 0]
  if (loss === 'error rate') {
    const points = shortNumber(100 * (distance ?? 0))
    if (percent(is) === percent(was)) return `at the same score labels differ by ${points} points`
    return `${percent(is)} of predictions are wrong where ${percent(was)} were expected`
  }
  return `the mean absolute error is ${shortNumber(is)} where ${shortNumber(was)} was expected`
}

function labelWords({ labels, concept, positive }: Told): string | undefined {
  if (labels?.status !== 'drifted') return undefined
  const shares = shareWords(labels, positive)
  if (concept.status === 'drifted') return shares
  if (concept.explainedByLabels) return `${shares}, and that alone explains the errors`
  return concept.status === 'stable' ? `${shares}, as the inputs let expect` : shares
}

/** `Labels "1" became rarer (5% to 2.1%)`: the positive class, or the one whose share moved most. */
function shareWords({ columns }: ColumnsResult, positive: string | null): string {
  const histogram = columns[0]?.histogram
  if (histogram?.kind !== 'categorical') return 'The labels changed'
  const { categories, reference, current } = histogram
  const moves = categories.map((_, i) => Math.abs((current[i] ?? 0) - (reference[i] ?? 0)))
  const largest = moves.indexOf(moves.reduce((a, b) => Math.max(a, b), 0))
  const named = categories.length === 2 && positive !== null ? categories.indexOf(positive) : -1
  const at = named < 0 ? largest : named
  const [before, now] = [reference[at] ?? 0, current[at] ?? 0]
  const label = JSON.stringify(labelOf(categories[at] ?? ''))
  const change = now < before ? 'rarer' : 'more common'
  return `Labels ${label} became ${change} (${percent(before)} to ${percent(now)})`
}

function inputWords(found: Told): string | undefined {
  const { concept, covariates, labels, predictions } = found
  const changed = covariates?.status === 'drifted'
  if (concept.status === 'drifted') return changed ? 'The inputs changed as well' : undefined
  if (labels?.status === 'drifted' && !changed) return performanceWords(found)
  if (changed) return `The inputs changed, ${afterInputs(found)}`
  if (predictions.status === 'drifted') {
    const cause = covariates?.status === 'stable' ? ' though no input did by itself' : ''
    return `The predictions changed${cause}; ${lower(performanceWords(found))}`
  }
  return performanceWords(found)
}

function afterInputs(found: Told): string {
  const estimated = found.metrics.every(({ basis }) => basis !== 'realised')
  if (found.status === 'inconclusive') return `and ${lower(performanceWords(found))}`
  if (found.status === 'stable') {
    if (estimated) return 'but performance, estimated from the scores, is within its margins'
    return found.concept.status === 'stable'
      ? 'but performance is as expected from them'
      : 'but performance is within its margins'
  }
  const fell = `performance became worse (${worstMetrics(found)})`
  if (estimated) return `and ${fell}, as estimated from the scores`
  return found.concept.status === 'stable' ? `and ${fell} as expected from them` : `and ${fell}`
}

function performanceWords(found: Told): string {
  if (found.status === 'drifted') return `Performance became worse: ${worstMetrics(found)}`
  if (found.status === 'stable') return 'Performance is within its margins'
  return 'It cannot be said yet whether performance changed'
}

function worstMetrics({ metrics }: Told): string {
  const worse = metrics.filter(({ status }) => status === 'drifted')
  if (worse.length === 0) return 'by the sequential test over the windows'
  return worse.map((metric) => `${metric.name} ${shortReason(metric)}`).join(', ')
}

function shortReason({ reason }: Judgement): string {
  return reason.replace(/ \(a change.*$|, more than.*$/, '')
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
