/** Counts of the same cells (categories or bins) in two samples, index by index. */
export interface CellCounts {
  readonly reference: Float64Array
  readonly current: Float64Array
}

/** Both samples as shares of their totals; undefined when either sample is empty. */
export function toShares(counts: CellCounts): CellCounts | undefined {
  const reference = normalised(counts.reference)
  const current = normalised(counts.current)
  return reference === undefined || current === undefined ? undefined : { reference, current }
}

export function total(counts: Float64Array): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}

function normalised(counts: Float64Array): Float64Array | undefined {
  const sum = total(counts)
  return sum > 0 ? counts.map((count) => count / sum) : undefined
}
