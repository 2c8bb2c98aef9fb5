import { pick } from '../../gate/examples.js'
import type { MetricData, MetricOptions } from '../../metrics/data.js'
import type { Metric } from '../../metrics/metric.js'
import type { PerformanceData, Rows } from './rows.js'

/** The rows that a metric can be computed on, and how many of how many those are. */
export interface Labelled {
  readonly data: MetricData
  readonly rows: number
  /** Rows with a label. */
  readonly labelled: number
}

type Kind = Pick<PerformanceData, 'task' | 'classes' | 'positive'>

/** The rows that have a label, a prediction and scores, as metrics take them. */
export function labelledRows(kind: Kind, rows: Rows): Labelled {
  const { labels } = rows
  if (labels === undefined) return { data: dataOf(kind, {}, 0), rows: rows.n, labelled: 0 }
  const known = new Uint8Array(rows.n).fill(1)
  dropMissing(known, labels, leastOf(kind))
  let labelled = 0
  for (const one of known) labelled += one
  return { data: dataWhere(kind, rows, complete(kind, rows, known)), rows: rows.n, labelled }
}

/** The rows that have a prediction and scores; labels, where there are any, may be missing. */
export function predictedRows(kind: Kind, rows: Rows): MetricData {
  return dataWhere(kind, rows, complete(kind, rows, new Uint8Array(rows.n).fill(1)))
}

/** Codes are missing below 0, numbers where they are none: NaN is not above anything. */
function leastOf({ task }: Kind): number {
  return task === 'classification' ? 0 : Number.NEGATIVE_INFINITY
}

function complete(kind: Kind, rows: Rows, known: Uint8Array): Uint8Array {
  const { predictions, score, classScores = [] } = rows
  const kept = known.slice()
  if (predictions !== undefined) dropMissing(kept, predictions, leastOf(kind))
  for (const column of score === undefined ? classScores : [score]) dropMissing(kept, column, 0)
  return kept
}

function dropMissing(kept: Uint8Array, values: Float64Array, least: number): void {
  for (let i = 0; i < kept.length; i++) if (!((values[i] ?? Number.NaN) >= least)) kept[i] = 0
}

function dataWhere(kind: Kind, rows: Rows, kept: Uint8Array): MetricData {
  let count = 0
  for (const one of kept) count += one
  if (count === rows.n) return dataOf(kind, rows, rows.n)
  const places = new Int32Array(count)
  for (let i = 0, at = 0; i < kept.length; i++) if (kept[i] === 1) places[at++] = i
  const { predictions, score, classScores, labels } = rows
  const cut = {
    predictions: predictions && pick(predictions, places),
    score: score && pick(score, places),
    classScores: classScores?.map((one) => pick(one, places)),
    labels: labels && pick(labels, places),
  }
  return dataOf(kind, cut, count)
}

function dataOf({ classes, positive }: Kind, rows: Omit<Rows, 'n'>, n: number): MetricData {
  return {
    n,
    labels: rows.labels ?? new Float64Array(n),
    classes,
    positive,
    predictions: rows.predictions,
    scores: rows.score,
    classScores: rows.classScores,
  }
}

/** Of several classes the plain average over them, where a metric needs one. */
export function optionsFor(metric: Metric, { classes }: Pick<Kind, 'classes'>): MetricOptions {
  return metric.averaged === true && classes.length > 2 ? { average: 'macro' } : {}
}
