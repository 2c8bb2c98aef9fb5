import { type CellCounts, toShares } from './shares.js'

/** Shares are floored here, so that an empty cell costs much but not infinitely much. */
const FLOOR = 1e-4

/**
 * Population stability index: the sum of (c - r) ln(c / r) over the cells, shares floored at 1e-4 and not
 * normalised again. Usual reading: under 0.1 stable, over 0.25 a major shift. Either sample empty: undefined.
 */
export function populationStabilityIndex(counts: CellCounts): number | undefined {
  const shares = toShares(counts)
  if (shares === undefined) return undefined
  let sum = 0
  for (let cell = 0; cell < shares.reference.length; cell++) {
    const reference = Math.max(shares.reference[cell] ?? 0, FLOOR)
    const current = Math.max(shares.current[cell] ?? 0, FLOOR)
    sum += (current - reference) * Math.log(current / reference)
  }
  return sum
}
