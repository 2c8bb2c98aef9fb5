import { type CellCounts, toShares } from './shares.js'

/**
 * Hellinger distance between the shares: sqrt(sum (sqrt r - sqrt c)^2 / 2), between 0 and 1.
 * Either sample empty: undefined.
 */
export function hellingerDistance(counts: CellCounts): number | undefined {
  const shares = toShares(counts)
  if (shares === undefined) return undefined
  let sum = 0
  for (let cell = 0; cell < shares.reference.length; cell++) {
    sum += (Math.sqrt(shares.reference[cell] ?? 0) - Math.sqrt(shares.current[cell] ?? 0)) ** 2
  }
  return Math.min(1, Math.sqrt(sum / 2))
}
