/** One value of a tensor, of a row or of an answer. Whole numbers beyond 2^53 are their decimal text. */
export type Cell = number | string | boolean | null

/** An input or output of a model, in the words of the Open Inference Protocol; -1 in the shape is any length. */
export interface TensorSpec {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
}

export interface Tensor extends TensorSpec {
  readonly data: readonly Cell[]
}

/** What a model says that it takes and gives. */
export interface ModelSchema {
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
}

/** Rows that are sent to a model, by column. */
export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** What a model answered: tensors by the Open Inference Protocol, else one value of JSON for each row. */
export type Prediction =
  | { readonly kind: 'tensors'; readonly outputs: readonly Tensor[] }
  | { readonly kind: 'values'; readonly values: readonly unknown[] }
