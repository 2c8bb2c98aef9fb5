import { total } from '../stats/shares.js'
import { labelOf } from './label.js'
import type { CategoryPair } from './tests/drift-test.js'

const MOST_LISTED = 20
/** A category that should have come this often has not stayed away by chance (e^-10). */
const EXPECTED_OFTEN = 10

export interface CategoryChanges {
  readonly newCategories: readonly string[]
  readonly newCategoryCount: number
  readonly vanishedCategories: readonly string[]
  readonly vanishedCategoryCount: number
}

export const NO_CHANGES: CategoryChanges = {
  newCategories: [],
  newCategoryCount: 0,
  vanishedCategories: [],
  vanishedCategoryCount: 0,
}

/**
 * Categories that only the current data has, and those of the reference that are gone although, at their old share,
 * ten or more would be expected. Most frequent first. Without values in either sample nothing is new or gone.
 */
export function categoryChanges(pair: CategoryPair): CategoryChanges {
  const referenceTotal = total(pair.reference)
  const currentTotal = total(pair.current)
  if (referenceTotal === 0 || currentTotal === 0) return NO_CHANGES
  const expected = currentTotal / referenceTotal
  const fresh: number[] = []
  const gone: number[] = []
  for (let i = 0; i < pair.categories.length; i++) {
    const before = pair.reference[i] ?? 0
    if (before === 0) fresh.push(i)
    else if (pair.current[i] === 0 && before * expected >= EXPECTED_OFTEN) gone.push(i)
  }
  return {
    newCategories: mostFrequent(pair.categories, pair.current, fresh),
    newCategoryCount: fresh.length,
    vanishedCategories: mostFrequent(pair.categories, pair.reference, gone),
    vanishedCategoryCount: gone.length,
  }
}

function mostFrequent(
  categories: readonly string[],
  counts: Float64Array,
  which: readonly number[],
): string[] {
  const order = which.toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
  return order.slice(0, MOST_LISTED).map((i) => labelOf(categories[i] ?? ''))
}
