import { type CellCounts, toShares } from './shares.js'

/**
 * L-infinity (Chebyshev) distance: the largest difference of any one category's share, as TensorFlow Data Validation and
 * NannyML define it; between 0 and 1. Either sample empty: undefined.
 */
export function lInfinityDistance(counts: CellCounts): number | undefined {
  const shares = toShares(counts)
  if (shares === undefined) return undefined
  let largest = 0
  for (let cell = 0; cell < shares.reference.length; cell++) {
    const gap = Math.abs((shares.reference[cell] ?? 0) - (shares.current[cell] ?? 0))
    if (gap > largest) largest = gap
  }
  return largest
}
