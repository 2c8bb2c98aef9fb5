/** How p-values of several tests are adjusted. */
export type Correction = 'none' | 'bonferroni' | 'holm' | 'benjamini-hochberg'

/** Step-down: each p-value times the number of tests not yet passed, never below an earlier one. */
function holm(sorted: readonly number[]): number[] {
  let largest = 0
  return sorted.map((p, rank) => {
    largest = Math.max(largest, Math.min(1, p * (sorted.length - rank)))
    return largest
  })
}

function benjaminiHochberg(sorted: readonly number[]): number[] {
  const adjusted = new Array<number>(sorted.length)
  let smallest = 1
  for (let rank = sorted.length - 1; rank >= 0; rank--) {
    smallest = Math.min(smallest, ((sorted[rank] ?? 1) * sorted.length) / (rank + 1))
    adjusted[rank] = smallest
  }
  return adjusted
}

function adjustSorted(sorted: readonly number[], method: Correction): number[] {
  if (method === 'holm') return holm(sorted)
  if (method === 'benjamini-hochberg') return benjaminiHochberg(sorted)
  if (method === 'bonferroni') return sorted.map((p) => Math.min(1, p * sorted.length))
  return [...sorted]
}

/**
 * Adjusted p-values in the order given: Bonferroni and Holm (1979) bound the chance of any false alarm, Benjamini &
 * Hochberg (1995) the share of false ones. NaN (a test that could not be made) stays NaN and is not counted.
 */
export function adjustPValues(pValues: readonly number[], method: Correction): number[] {
  const order = pValues.flatMap((p, index) => (Number.isNaN(p) ? [] : [{ p, index }]))
  order.sort((left, right) => left.p - right.p || left.index - right.index)
  const adjusted = adjustSorted(
    order.map(({ p }) => p),
    method,
  )
  const result = pValues.map(() => Number.NaN)
  order.forEach(({ index }, rank) => {
    result[index] = adjusted[rank] ?? Number.NaN
  })
  return result
}
