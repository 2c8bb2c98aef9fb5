import { accuracy } from '../metrics/accuracy.js'
import { isPositive, type MetricData, type Weights } from '../metrics/data.js'
import type { ConfusionMetric } from '../metrics/metric.js'
import type { Finding, Question } from './evidence.js'
import { pick, pickCodes } from './examples.js'
import { meanEvidence } from './measure-mean.js'

/**
 * Evidence on a metric that is a share of the positive examples, which Wilson's and Tango's intervals hold to their
 * level where a bootstrap of a few dozen positives claims too much. Undefined for any other metric, and for averages.
 */
export function shareEvidence(question: Question, metric: ConfusionMetric): Finding | undefined {
  if (metric.shareOf !== 'positives' || question.options.average !== undefined) return undefined
  const { candidate, baseline } = question.pair
  const pair = { candidate: positivesOf(candidate), baseline: baseline && positivesOf(baseline) }
  return meanEvidence({ ...question, metric: accuracy, pair }, accuracy)
}

/** What a share of the positive examples needs of them. */
function positivesOf(data: MetricData): MetricData {
  const all = Int32Array.from({ length: data.n }, (_, row) => row)
  const rows = all.filter((row) => isPositive(data, row) === 1)
  return {
    ...data,
    n: rows.length,
    labels: pick(data.labels, rows),
    predictions: data.predictions && pick(data.predictions, rows),
    weights: data.weights && pickWeights(data.weights, rows),
    clusters: data.clusters && pickCodes(data.clusters, rows),
    scores: undefined,
    classScores: undefined,
    groups: undefined,
  }
}

function pickWeights(weights: Weights, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => weights[row] ?? 0)
}
