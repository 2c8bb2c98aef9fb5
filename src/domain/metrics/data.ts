/** Rows with the value of a column as a code; -1 where the value is missing. */
export interface GroupColumn {
  readonly codes: Int32Array
  readonly names: readonly string[]
}

/**
 * The examples that a metric is computed on, one entry a row in every array. In classification `labels` and
 * `predictions` hold class codes (indexes into `classes`); in regression they hold the numbers themselves.
 */
export interface MetricData {
  readonly n: number
  readonly labels: Float64Array
  /** Names of the classes by code; empty in regression. */
  readonly classes: readonly string[]
  /** The code in `classes` that stands for "no prediction"; undefined where every example has one. */
  readonly abstention?: number | undefined
  /** Code of the positive class, where one is named. */
  readonly positive?: number | undefined
  readonly predictions?: Float64Array | undefined
  /** Score, or probability where the metric asks for one, of the positive class. */
  readonly scores?: Float64Array | undefined
  readonly groups?: GroupColumn | undefined
  /** The numbers of `column:<name>`, or of a metric that is computed for each unit (query, prompt) while reading. */
  readonly values?: Float64Array | undefined
  /** In classification with a probability for each class: one array a class, by class code. */
  readonly classScores?: readonly Float64Array[] | undefined
  /** In multi-label classification `labels` and `predictions` hold codes of these sets of class codes; no set is there twice. */
  readonly labelSets?: readonly Int32Array[] | undefined
  /** Rows of one cluster (a user, a prompt) vary together: codes from 0 on, one a row. Absent: rows are independent. */
  readonly clusters?: Int32Array | undefined
  /** Non-negative weights; absent means one for each row. */
  readonly weights?: Weights | undefined
}

/** `samples` is for multi-label only: each example's own value, averaged over the examples. */
export type Average = 'macro' | 'micro' | 'weighted' | 'samples'

export interface MetricOptions {
  readonly average?: Average | undefined
  /** For `top-k-accuracy`, `ndcg`, `map`, `mrr`, `recall-at-k` and `pass-at-k`. */
  readonly k?: number | undefined
  /** For `pinball`: which quantile is predicted, inside (0, 1). */
  readonly quantile?: number | undefined
  /** For `auc` of several classes: each class against the rest (default), or each pair of classes. */
  readonly multiClass?: 'one-vs-rest' | 'one-vs-one' | undefined
}

/** A metric's value, or why it has none on these data. */
export type Outcome =
  | { readonly value: number; readonly reason?: undefined }
  | { readonly value: undefined; readonly reason: string }

/** A defined value. */
export function defined(value: number): Outcome {
  return { value }
}

/** No value, and why: shown to the user as it is. */
export function undefinedBecause(reason: string): Outcome {
  return { value: undefined, reason }
}

/** A weight a row: real ones, or the multiplicities of a bootstrap resample. */
export type Weights = Float64Array | Int32Array

/** A row's weight: one where there are no weights. */
export function weightAt(weights: Weights | undefined, row: number): number {
  return weights === undefined ? 1 : (weights[row] ?? 0)
}

/** One for a row of the positive class, else zero. */
export function isPositive(data: MetricData, row: number): number {
  return data.labels[row] === data.positive ? 1 : 0
}

/** How many classes there are; "no prediction" is none of them. */
export function classCount({
  classes,
  abstention,
}: Pick<MetricData, 'classes' | 'abstention'>): number {
  return abstention === undefined ? classes.length : classes.length - 1
}

/** Whether metrics of scores are those of several classes: more than two, with a score for each. */
export function isMultiClass(data: MetricData): boolean {
  return data.classScores !== undefined && classCount(data) > 2
}

/** The score of the positive class: its own column, or that class's among the scores of all; undefined with neither. */
export function positiveScores(data: MetricData): Float64Array | undefined {
  if (data.scores !== undefined || data.positive === undefined) return data.scores
  return data.classScores?.[data.positive]
}

/** Rounding errors add up inside a block only; across blocks they are carried along (Neumaier 1974). */
const BLOCK = 256

/**
 * A mean over rows, weighted where there are weights. Accurate to a few units in the last place however many rows there are, so
 * that their order does not show; numbers near the largest are scaled before they are added.
 */
export function weightedMean(values: Float64Array, weights: Weights | undefined): Outcome {
  const total = weights === undefined ? values.length : sumOf(weights, undefined)
  if (!(total > 0)) return undefinedBecause('there are no examples')
  const mean = sumOf(values, weights) / total
  return defined(Number.isFinite(mean) ? mean : scaledMean(values, weights))
}

function sumOf(values: Weights, weights: Weights | undefined): number {
  const n = values.length
  let sum = 0
  let lost = 0
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(n, start + BLOCK)
    let part = 0
    if (weights === undefined) {
      for (let i = start; i < end; i++) part += values[i] ?? 0
    } else {
      for (let i = start; i < end; i++) part += (weights[i] ?? 0) * (values[i] ?? 0)
    }
    const next = sum + part
    lost += Math.abs(sum) >= Math.abs(part) ? sum - next + part : part - next + sum
    sum = next
  }
  return sum + lost
}

/** The mean where a sum overflowed: of numbers over the largest of those that count. Not finite if one of them is not. */
function scaledMean(values: Float64Array, weights: Weights | undefined): number {
  let largest = 0
  let heaviest = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weightAt(weights, i)
    if (weight === 0) continue
    heaviest = Math.max(heaviest, weight)
    largest = Math.max(largest, Math.abs(values[i] ?? 0))
  }
  if (largest === 0 || !Number.isFinite(largest)) return largest
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weightAt(weights, i) / heaviest
    if (weight === 0) continue
    sum += weight * ((values[i] ?? 0) / largest)
    total += weight
  }
  return (sum / total) * largest
}
