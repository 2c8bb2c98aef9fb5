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
  /** In multi-label classification `labels` and `predictions` hold codes of these sets of class codes. */
  readonly labelSets?: readonly Int32Array[] | undefined
  /** Rows of one cluster (a user, a prompt) vary together: codes from 0 on, one a row. Absent: rows are independent. */
  readonly clusters?: Int32Array | undefined
  /** Non-negative weights; absent means one for each row. */
  readonly weights?: Weights | undefined
}

export type Average = 'macro' | 'micro' | 'weighted'

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

/** A mean over rows, weighted where there are weights. */
export function weightedMean(values: Float64Array, weights: Weights | undefined): Outcome {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weightAt(weights, i)
    sum += weight * (values[i] ?? 0)
    total += weight
  }
  return total > 0 ? defined(sum / total) : undefinedBecause('there are no examples')
}

/** One for a row of the positive class, else zero. */
export function isPositive(data: MetricData, row: number): number {
  return data.labels[row] === data.positive ? 1 : 0
}
