import { isPositive } from '../metrics/data.js'
import type { RankMetric } from '../metrics/metric.js'
import { delongPaired, delongSingle } from '../stats/delong.js'
import { normalCdf } from '../stats/special/normal.js'
import { type Finding, type Question, standardised, symmetricTest } from './evidence.js'
import { degenerateEvidence } from './measure-degenerate.js'
import { rowEvidence } from './measure-rows.js'

/** With fewer examples of a class DeLong's variance is too rough, and the bootstrap is used. */
const FEW_OF_A_CLASS = 10

/** DeLong for one area and for the difference of two; BCa bootstrap when a class is rare. */
export function rankEvidence(question: Question, metric: RankMetric): Finding {
  const { candidate, baseline } = question.pair
  const labels = Uint8Array.from({ length: candidate.n }, (_, row) => isPositive(candidate, row))
  const scores = candidate.scores ?? new Float64Array(candidate.n)
  if (rarer(labels) < FEW_OF_A_CLASS) return rowEvidence(question, metric)
  if (question.of === 'candidate' || baseline === undefined) {
    return single(question, labels, scores)
  }
  const other = baseline.scores ?? new Float64Array(baseline.n)
  const found = delongPaired(labels, scores, other, question.level)
  if (found === undefined) return { reason: 'one class has too few examples' }
  const { difference, variance, low, high } = found
  if (variance === 0) {
    return degenerateEvidence(question, { candidate: found.auc, baseline: found.baselineAuc })
  }
  const standardError = Math.sqrt(variance)
  return {
    evidence: {
      interval: { of: 'difference', level: question.level, low, high, method: 'delong' },
      testAt: (boundary) =>
        symmetricTest('delong', standardised(difference - boundary, standardError), normalCdf),
    },
  }
}

function single(question: Question, labels: Uint8Array, scores: Float64Array): Finding {
  const found = delongSingle(labels, scores, question.level)
  if (found === undefined) return { reason: 'one class has too few examples' }
  const { auc, standardError, low, high } = found
  if (standardError === 0)
    return degenerateEvidence(question, { candidate: auc, baseline: undefined })
  return {
    evidence: {
      interval: { of: 'candidate', level: question.level, low, high, method: 'delong' },
      testAt: (boundary) =>
        symmetricTest('delong', standardised(auc - boundary, standardError), normalCdf),
    },
  }
}

function rarer(labels: Uint8Array): number {
  let positives = 0
  for (const label of labels) positives += label
  return Math.min(positives, labels.length - positives)
}
