import { type CellCounts, toShares } from './shares.js'

/**
 * Jensen-Shannon distance, base 2: the root of the divergence (Endres & Schindelin 2003), between 0 (equal shares)
 * and 1 (no cell in common). Either sample empty: undefined.
 */
export function jensenShannonDistance(counts: CellCounts): number | undefined {
  const shares = toShares(counts)
  if (shares === undefined) return undefined
  let sum = 0
  for (let cell = 0; cell < shares.reference.length; cell++) {
    const reference = shares.reference[cell] ?? 0
    const current = shares.current[cell] ?? 0
    const middle = (reference + current) / 2
    if (reference > 0) sum += reference * Math.log2(reference / middle)
    if (current > 0) sum += current * Math.log2(current / middle)
  }
  return Math.sqrt(Math.min(1, Math.max(0, sum / 2)))
}
