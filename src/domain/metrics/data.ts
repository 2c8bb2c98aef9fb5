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
  /** The numbers of `column:<name>`. */
  readonly values?: Float64Array | undefined
  /** Non-negative weights; absent means one for each row. */
  readonly weights?: Weights | undefined
}

export type Average = 'macro' | 'micro' | 'weighted'

export interface MetricOptions {
  readonly average?: Average | undefined
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
