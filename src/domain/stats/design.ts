/** Rows of features, row after row: the value of column j in row i is at `i * columns + j`. */
export interface DenseDesign {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** Compressed sparse rows: row i has `values[k]` in column `indices[k]` for k from `offsets[i]` to `offsets[i + 1]`, the rest is 0. */
export interface SparseDesign {
  readonly rows: number
  readonly columns: number
  /** One more than there are rows. */
  readonly offsets: Int32Array | Uint32Array
  readonly indices: Int32Array
  readonly values: Float64Array
}

/** Features of examples, one example a row. */
export type Design = DenseDesign | SparseDesign

/** What a linear model asks of its features. */
export interface LinearMap {
  readonly rows: number
  readonly columns: number
  /** For each row the sum of its values times the weights. `weights` may be longer than there are columns. */
  times(weights: Float64Array): Float64Array
  /** For each column the sum over rows of value times factor, added to the first entries of `into`. */
  addTransposed(factors: Float64Array, into: Float64Array): void
  /** For each column the sum over rows of squared value times factor, added to the first entries of `into`. */
  addSquares(factors: Float64Array, into: Float64Array): void
}

function isSparse(design: Design): design is SparseDesign {
  return 'offsets' in design
}

/** Loops over a design's entries, made once for dense and once for sparse rows. */
export function linearMap(design: Design): LinearMap {
  return isSparse(design) ? sparseMap(design) : denseMap(design)
}

function denseMap({ rows, columns, values }: DenseDesign): LinearMap {
  return {
    rows,
    columns,
    times: (weights) => {
      const result = new Float64Array(rows)
      for (let i = 0, k = 0; i < rows; i++) {
        let sum = 0
        for (let j = 0; j < columns; j++, k++) sum += (values[k] ?? 0) * (weights[j] ?? 0)
        result[i] = sum
      }
      return result
    },
    addTransposed: (factors, into) => {
      for (let i = 0, k = 0; i < rows; i++) {
        const factor = factors[i] ?? 0
        for (let j = 0; j < columns; j++, k++) into[j] = (into[j] ?? 0) + factor * (values[k] ?? 0)
      }
    },
    addSquares: (factors, into) => {
      for (let i = 0, k = 0; i < rows; i++) {
        const factor = factors[i] ?? 0
        for (let j = 0; j < columns; j++, k++) {
          const value = values[k] ?? 0
          into[j] = (into[j] ?? 0) + factor * value * value
        }
      }
    },
  }
}

function sparseMap({ rows, columns, offsets, indices, values }: SparseDesign): LinearMap {
  return {
    rows,
    columns,
    times: (weights) => {
      const result = new Float64Array(rows)
      for (let i = 0; i < rows; i++) {
        const end = offsets[i + 1] ?? 0
        let sum = 0
        for (let k = offsets[i] ?? 0; k < end; k++) {
          sum += (values[k] ?? 0) * (weights[indices[k] ?? 0] ?? 0)
        }
        result[i] = sum
      }
      return result
    },
    addTransposed: (factors, into) => {
      for (let i = 0; i < rows; i++) {
        const factor = factors[i] ?? 0
        const end = offsets[i + 1] ?? 0
        for (let k = offsets[i] ?? 0; k < end; k++) {
          const j = indices[k] ?? 0
          into[j] = (into[j] ?? 0) + factor * (values[k] ?? 0)
        }
      }
    },
    addSquares: (factors, into) => {
      for (let i = 0; i < rows; i++) {
        const factor = factors[i] ?? 0
        const end = offsets[i + 1] ?? 0
        for (let k = offsets[i] ?? 0; k < end; k++) {
          const j = indices[k] ?? 0
          const value = values[k] ?? 0
          into[j] = (into[j] ?? 0) + factor * value * value
        }
      }
    },
  }
}

/** The rows of those numbers, in that order, as a design of the same kind. */
export function selectRows(design: Design, rows: ArrayLike<number>): Design {
  return isSparse(design) ? selectSparse(design, rows) : selectDense(design, rows)
}

function selectDense({ columns, values }: DenseDesign, rows: ArrayLike<number>): DenseDesign {
  const selected = new Float64Array(rows.length * columns)
  for (let i = 0; i < rows.length; i++) {
    const start = (rows[i] ?? 0) * columns
    selected.set(values.subarray(start, start + columns), i * columns)
  }
  return { rows: rows.length, columns, values: selected }
}

function selectSparse(design: SparseDesign, rows: ArrayLike<number>): SparseDesign {
  const offsets = new Uint32Array(rows.length + 1)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    const entries = (design.offsets[row + 1] ?? 0) - (design.offsets[row] ?? 0)
    offsets[i + 1] = (offsets[i] ?? 0) + entries
  }
  const total = offsets[rows.length] ?? 0
  const indices = new Int32Array(total)
  const values = new Float64Array(total)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    const start = design.offsets[row] ?? 0
    const end = design.offsets[row + 1] ?? 0
    indices.set(design.indices.subarray(start, end), offsets[i])
    values.set(design.values.subarray(start, end), offsets[i])
  }
  return { rows: rows.length, columns: design.columns, offsets, indices, values }
}
