import { drawRows } from '../../stats/draw-rows.js'
import type { RandomSource } from '../../stats/random.js'

/** Vectors of one dimension, row after row; a row with a component that is not finite is missing. */
export interface VectorSample {
  readonly rows: number
  readonly dimension: number
  readonly values: Float64Array
  /** How many rows are missing. */
  readonly missing: number
}

/** Rows with finite components alone. */
export interface Vectors {
  readonly rows: number
  readonly dimension: number
  readonly values: Float64Array
}

/** At most `maxRows` of the rows that are not missing, drawn without replacement; how many those were. */
export function drawVectors(
  sample: VectorSample,
  maxRows: number,
  random: RandomSource,
): Vectors & { readonly present: number } {
  const { dimension } = sample
  const usable = usableRows(sample)
  const drawn = usable.length > maxRows ? drawRows(usable.length, maxRows, random) : undefined
  const rows = drawn?.length ?? usable.length
  if (rows === sample.rows) return { rows, dimension, values: sample.values, present: rows }
  const values = new Float64Array(rows * dimension)
  for (let i = 0; i < rows; i++) {
    const start = (usable[drawn?.[i] ?? i] ?? 0) * dimension
    values.set(sample.values.subarray(start, start + dimension), i * dimension)
  }
  return { rows, dimension, values, present: usable.length }
}

function usableRows({ rows, dimension, values }: VectorSample): Uint32Array {
  const usable = new Uint32Array(rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const start = row * dimension
    let sum = 0
    // Zero times anything finite is zero, and NaN otherwise.
    for (let k = start; k < start + dimension; k++) sum += 0 * (values[k] ?? Number.NaN)
    if (sum === 0) usable[count++] = row
  }
  return usable.subarray(0, count)
}

/** Both samples' rows, the reference's before the current. */
export function joined(reference: Vectors, current: Vectors): Vectors {
  const values = new Float64Array(reference.values.length + current.values.length)
  values.set(reference.values)
  values.set(current.values, reference.values.length)
  return { rows: reference.rows + current.rows, dimension: reference.dimension, values }
}
