import type { GroupColumn, MetricData } from '../metrics/data.js'
import type { Task } from '../metrics/metric.js'
import { type Column, cellText, type Table } from '../table/column.js'
import type { Samples } from './verdict.js'

/** What one model said about the examples, in the examples' order. */
export interface ModelOutputs {
  /** Class codes, codes of label sets in multi-label classification, or numbers in regression. */
  readonly predictions?: Float64Array | undefined
  readonly scores?: Float64Array | undefined
  /** The score of each class, by class code. */
  readonly classScores?: readonly Float64Array[] | undefined
  /**
   * Numbers of `column:<name>` metrics by column. In ranking and generation their means over each unit, and beside them the
   * values of the metrics that are computed for each unit, by `unitMetricKey`; NaN where a unit has none.
   */
  readonly columns: ReadonlyMap<string, Float64Array>
}

/** Examples with what is true of them whatever a model says; one entry a row in every array. */
export interface ExampleRows {
  readonly n: number
  /** Class codes, codes of label sets, or numbers in regression; zeros in ranking and generation. */
  readonly labels: Float64Array
  /** Non-negative and not all zero; undefined where every row counts one. */
  readonly weights?: Float64Array | undefined
  /** Codes from 0 on. */
  readonly clusters?: Int32Array | undefined
  readonly groups: ReadonlyMap<string, GroupColumn>
  /** Numbers of the columns that a rule cuts into bins; NaN where missing. */
  readonly numbers?: ReadonlyMap<string, Float64Array> | undefined
}

/** Where the examples came from: the candidate's table, and each example's row in it (of a unit the first). */
export interface ExampleSource {
  readonly table: Table
  readonly rows: Int32Array
  /** What names an example: its id, in ranking its query; undefined where the file has no such column. */
  readonly id: Column | undefined
}

/** The joined examples: both models' outputs on the same rows. In ranking and generation a row is a unit. */
export interface GateExamples extends ExampleRows {
  readonly task: Task
  readonly classes: readonly string[]
  /** The code in `classes` that stands for "no prediction"; undefined where every example has one. */
  readonly abstention?: number | undefined
  readonly positive: number | undefined
  /** Multi-label classification: the sets of class codes that `labels` and `predictions` are codes of. */
  readonly labelSets?: readonly Int32Array[] | undefined
  readonly candidate: ModelOutputs
  readonly baseline: ModelOutputs | undefined
  /** Unpaired: the baseline's own examples, its groups by the same names. Undefined where both models judged the same. */
  readonly baselineRows?: ExampleRows | undefined
  readonly samples: Samples
  readonly source?: ExampleSource | undefined
}

/** What a metric reads of the examples beside labels, predictions and scores. */
export interface View {
  /** Rows of a slice; undefined for all. */
  readonly rows: Int32Array | undefined
  /** Unpaired: the slice's rows among the baseline's own examples; undefined for all. */
  readonly baselineRows?: Int32Array | undefined
  readonly group: string | undefined
  /** The column of a `column:<name>` metric, or the `unitMetricKey` of one that is computed for each unit. */
  readonly column: string | undefined
}

/** Both models' outputs as a metric takes them. */
export interface Pair {
  readonly candidate: MetricData
  readonly baseline: MetricData | undefined
  /** True where the two are about different examples. */
  readonly unpaired?: boolean | undefined
}

const WHOLE = new WeakMap<GateExamples, { readonly key: string; readonly pair: Pair }>()

/** The examples, or a slice of them, as a metric takes them; rules on all examples one after the other get the same. */
export function pairOf(examples: GateExamples, view: View): Pair {
  if (view.rows !== undefined) return cutPair(examples, view)
  const key = JSON.stringify([view.group, view.column])
  const known = WHOLE.get(examples)
  if (known?.key === key) return known.pair
  const pair = cutPair(examples, view)
  WHOLE.set(examples, { key, pair })
  return pair
}

function cutPair(examples: GateExamples, view: View): Pair {
  const { baseline, baselineRows: own } = examples
  const shared = rowsOf(examples, examples, view)
  const candidate = dataOf(shared, examples.candidate, view)
  if (baseline === undefined || own === undefined) {
    return { candidate, baseline: baseline && dataOf(shared, baseline, view) }
  }
  const theirs = { ...view, rows: view.baselineRows }
  return {
    candidate,
    baseline: dataOf(rowsOf(examples, own, theirs), baseline, theirs),
    unpaired: true,
  }
}

/** What names an example to a person: its id as text; undefined where the file has no ids. */
export function idText(examples: GateExamples, row: number): string | undefined {
  const { source } = examples
  return source?.id && cellText(source.id, source.rows[row] ?? -1)
}

function rowsOf(examples: GateExamples, own: ExampleRows, view: View): MetricData {
  const { rows } = view
  const groups = view.group === undefined ? undefined : own.groups.get(view.group)
  return {
    n: rows === undefined ? own.n : rows.length,
    labels: pick(own.labels, rows),
    classes: examples.classes,
    abstention: examples.abstention,
    positive: examples.positive,
    labelSets: examples.labelSets,
    groups: groups && { codes: pickCodes(groups.codes, rows), names: groups.names },
    weights: own.weights && pick(own.weights, rows),
    clusters: own.clusters && pickClusters(own.clusters, rows),
  }
}

function dataOf(shared: MetricData, outputs: ModelOutputs, view: View): MetricData {
  const { rows } = view
  return {
    ...shared,
    predictions: outputs.predictions && pick(outputs.predictions, rows),
    scores: outputs.scores && pick(outputs.scores, rows),
    classScores: outputs.classScores?.map((scores) => pick(scores, rows)),
    values: valuesOf(outputs, view),
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

/** The named rows' clusters, numbered from 0 again: a slice has only some of them. */
function pickClusters(clusters: Int32Array, rows: Int32Array | undefined): Int32Array {
  if (rows === undefined) return clusters
  const picked = new Int32Array(rows.length)
  const codes = new Map<number, number>()
  for (let i = 0; i < rows.length; i++) {
    const cluster = clusters[rows[i] ?? 0] ?? 0
    const known = codes.get(cluster)
    picked[i] = known ?? codes.size
    if (known === undefined) codes.set(cluster, codes.size)
  }
  return picked
}
