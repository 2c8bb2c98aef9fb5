import { type CellCounts, toShares } from './shares.js'

/**
 * Total variation distance: half the sum of |r - c|, the largest difference that any set of cells shows.
 * Between 0 and 1. Either sample empty: undefined.
 */
export function totalVariationDistance(counts: CellCounts): number | undefined {
  const shares = toShares(counts)
  if (shares === undefined) return undefined
  let sum = 0
  for (let cell = 0; cell < shares.reference.length; cell++) {
    sum += Math.abs((shares.reference[cell] ?? 0) - (shares.current[cell] ?? 0))
  }
  return Math.min(1, sum / 2)
}
