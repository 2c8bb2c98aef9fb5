import { total } from '../../stats/shares.js'
import type { TwoByTwo } from '../../stats/two-proportions-z.js'
import type { CategoryPair } from './drift-test.js'

/**
 * A column of at most two categories as a 2×2 table: the event is the category whose text sorts last (`true`, `1`, `yes`), so
 * that the order of rows does not decide the sign. More than two categories, or none: undefined.
 */
export function twoByTwo(pair: CategoryPair): TwoByTwo | undefined {
  let event = -1
  let seen = 0
  for (const [cell, category] of pair.categories.entries()) {
    if (countOf(pair.reference, cell) + countOf(pair.current, cell) === 0) continue
    seen++
    if (event === -1 || category > (pair.categories[event] ?? '')) event = cell
  }
  if (seen === 0 || seen > 2) return undefined
  return {
    reference: { events: countOf(pair.reference, event), n: total(pair.reference) },
    current: { events: countOf(pair.current, event), n: total(pair.current) },
  }
}

function countOf(counts: Float64Array, cell: number): number {
  return counts[cell] ?? 0
}
