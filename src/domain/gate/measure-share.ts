import { accuracy } from '../metrics/accuracy.js'
import { isPositive, type MetricData } from '../metrics/data.js'
import type { ConfusionMetric } from '../metrics/metric.js'
import type { Finding, Question } from './evidence.js'
import { pick } from './examples.js'
import { proportionEvidence } from './measure-proportion.js'

/**
 * Evidence on a metric that is a share of the positive examples, which Wilson's and Tango's intervals hold to their
 * level where a bootstrap of a few dozen positives claims too much. Undefined for any other metric, and for averages.
 */
export function shareEvidence(question: Question, metric: ConfusionMetric): Finding | undefined {
  if (metric.shareOf !== 'positives' || question.options.average !== undefined) return undefined
  const { candidate, baseline } = question.pair
  const rows = positiveRows(candidate)
  const pair = { candidate: cut(candidate, rows), baseline: baseline && cut(baseline, rows) }
  return proportionEvidence({ ...question, pair }, accuracy)
}

function positiveRows(data: MetricData): Int32Array {
  const rows = Int32Array.from({ length: data.n }, (_, row) => row)
  return rows.filter((row) => isPositive(data, row) === 1)
}

/** What a share of examples needs of them. */
function cut(data: MetricData, rows: Int32Array): MetricData {
  return {
    ...data,
    n: rows.length,
    labels: pick(data.labels, rows),
    predictions: data.predictions && pick(data.predictions, rows),
    scores: undefined,
    groups: undefined,
  }
}
