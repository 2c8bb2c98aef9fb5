import { type CellCounts, toShares } from './shares.js'

/** As in the population stability index. */
const FLOOR = 1e-4

/**
 * Kullback-Leibler divergence (Kullback & Leibler 1951, Ann. Math. Statist. 22:79-86) of the current shares from the reference's,
 * in nats: the sum of r ln(r / c), which is the direction of scipy.stats.entropy(reference, current) and of Evidently's
 * `kl_div`. Shares are floored at 1e-4 and not normalised again; what the floors leave under 0 is 0. Not symmetric. Either
 * sample empty: undefined.
 */
export function kullbackLeiblerDivergence(counts: CellCounts): number | undefined {
  const shares = toShares(counts)
  if (shares === undefined) return undefined
  let sum = 0
  for (let cell = 0; cell < shares.reference.length; cell++) {
    const reference = Math.max(shares.reference[cell] ?? 0, FLOOR)
    const current = Math.max(shares.current[cell] ?? 0, FLOOR)
    sum += reference * Math.log(reference / current)
  }
  return Math.max(0, sum)
}
