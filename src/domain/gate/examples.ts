import type { GroupColumn, MetricData } from '../metrics/data.js'
import type { Task } from '../metrics/metric.js'
import type { Samples } from './verdict.js'

/** What one model said about the examples, in the examples' order. */
export interface ModelOutputs {
  /** Class codes, or numbers in regression. */
  readonly predictions?: Float64Array | undefined
  readonly scores?: Float64Array | undefined
  /** Numbers of `column:<name>` metrics by column. */
  readonly columns: ReadonlyMap<string, Float64Array>
}

/** The joined examples: both models' outputs on the same rows. */
export interface GateExamples {
  readonly task: Task
  readonly n: number
  /** Class codes, or numbers in regression. */
  readonly labels: Float64Array
  readonly classes: readonly string[]
  readonly positive: number | undefined
  readonly candidate: ModelOutputs
  readonly baseline: ModelOutputs | undefined
  readonly groups: ReadonlyMap<string, GroupColumn>
  readonly samples: Samples
}

/** What a metric reads of the examples beside labels, predictions and scores. */
export interface View {
  /** Rows of a slice; undefined for all. */
  readonly rows: Int32Array | undefined
  readonly group: string | undefined
  readonly column: string | undefined
}

/** Both models' outputs as a metric takes them. */
export interface Pair {
  readonly candidate: MetricData
  readonly baseline: MetricData | undefined
}

/** The examples, or a slice of them, as a metric takes them. */
export function pairOf(examples: GateExamples, view: View): Pair {
  const { rows } = view
  const groups = view.group === undefined ? undefined : examples.groups.get(view.group)
  const shared = {
    n: rows === undefined ? examples.n : rows.length,
    labels: pick(examples.labels, rows),
    classes: examples.classes,
    positive: examples.positive,
    groups: groups && { codes: pickCodes(groups.codes, rows), names: groups.names },
  }
  const dataOf = (outputs: ModelOutputs): MetricData => ({
    ...shared,
    predictions: outputs.predictions && pick(outputs.predictions, rows),
    scores: outputs.scores && pick(outputs.scores, rows),
    values: valuesOf(outputs, view),
  })
  return {
    candidate: dataOf(examples.candidate),
    baseline: examples.baseline && dataOf(examples.baseline),
  }
}

function valuesOf(outputs: ModelOutputs, view: View): Float64Array | undefined {
  const values = view.column === undefined ? undefined : outputs.columns.get(view.column)
  return values && pick(values, view.rows)
}

/** The named rows of an array, or the array itself. */
export function pick(values: Float64Array, rows: Int32Array | undefined): Float64Array {
  if (rows === undefined) return values
  const picked = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] ?? 0] ?? Number.NaN
  return picked
}

/** The named rows of an array of codes, or the array itself. */
export function pickCodes(codes: Int32Array, rows: Int32Array | undefined): Int32Array {
  if (rows === undefined) return codes
  const picked = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) picked[i] = codes[rows[i] ?? 0] ?? -1
  return picked
}
