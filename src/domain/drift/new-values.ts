import { upperGamma } from '../stats/special/gamma.js'
import { type Chance, NO_CHANCE, newChance } from './learning/learned.js'
import { valuesOf } from './noise/noise.js'
import type { Sides } from './predicate.js'
import type { CategoryPair } from './tests/drift-test.js'

/** Values of categories that the reference does not have. */
export interface NewValues {
  /** Their share of the current values. */
  readonly newShare: number
  /** Undefined where there are none. */
  readonly newPValue: number | undefined
  /** What chance makes of the share. */
  readonly fresh: Chance
}

export const NOTHING_NEW: NewValues = { newShare: 0, newPValue: undefined, fresh: NO_CHANCE }

/**
 * Whether values of new categories are more than chance brings. Where both samples are of one law, each category of c
 * values in both lies wholly in the current data with the hypergeometric probability of c draws; the new values are those
 * of the categories that do. So a category that occurs five times alone is judged as one draw of five, not as five.
 */
export function measureNew(pair: CategoryPair): NewValues {
  const values = valuesOf(pair)
  const { singles, fresh, pooled } = countNew(pair)
  const chance = newChance(singles, values)
  if (fresh === 0 || values.reference === 0) return { ...NOTHING_NEW, fresh: chance }
  const newPValue = freshPValue(groupsOf(pooled, values), fresh)
  return { newShare: fresh / values.current, newPValue, fresh: chance }
}

interface Counted {
  /** Categories that occur once in the reference. */
  readonly singles: number
  readonly fresh: number
  /** How many categories have each count of both samples together. */
  readonly pooled: ReadonlyMap<number, number>
}

function countNew(pair: CategoryPair): Counted {
  let singles = 0
  let fresh = 0
  const pooled = new Map<number, number>()
  for (let i = 0; i < pair.reference.length; i++) {
    const before = pair.reference[i] ?? 0
    const now = pair.current[i] ?? 0
    if (before === 1) singles++
    if (before === 0) fresh += now
    pooled.set(before + now, (pooled.get(before + now) ?? 0) + 1)
  }
  return { singles, fresh, pooled }
}

/** Categories of one count, each of which is wholly new with some probability. */
interface Group {
  readonly size: number
  readonly categories: number
  readonly probability: number
}

const NEGLIGIBLE = 1e-18

function groupsOf(pooled: Counted['pooled'], { reference, current }: Sides): Group[] {
  const groups: Group[] = []
  let probability = 1
  let drawn = 0
  for (const [size, categories] of [...pooled].sort(([a], [b]) => a - b)) {
    while (drawn < size && probability > NEGLIGIBLE) {
      probability *= Math.max(0, current - drawn) / (reference + current - drawn)
      drawn++
    }
    if (!(probability > NEGLIGIBLE)) break
    if (size > 0) groups.push({ size, categories, probability })
  }
  return groups
}

/** Beyond this the distribution is taken for a gamma. */
const MOST_EXACT = 500

/** The probability of so many new values or more. */
function freshPValue(groups: readonly Group[], fresh: number): number {
  if (fresh > MOST_EXACT) return gammaPValue(groups, fresh)
  let below = new Float64Array(fresh)
  below[0] = 1
  for (const group of groups) below = withGroup(below, group)
  let sum = 0
  for (const probability of below) sum += probability
  return Math.min(1, Math.max(0, 1 - sum))
}

/** Adds the values of one group to a distribution that ends before its length. */
function withGroup(
  below: Float64Array,
  { size, categories, probability }: Group,
): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(below.length)
  const odds = probability / (1 - probability)
  let weight = (1 - probability) ** categories
  for (let hits = 0; hits <= categories && hits * size < below.length; hits++) {
    for (let at = hits * size; at < sum.length; at++) {
      sum[at] = (sum[at] ?? 0) + weight * (below[at - hits * size] ?? 0)
    }
    weight *= ((categories - hits) / (hits + 1)) * odds
  }
  return sum
}

/** A gamma distribution of the same mean and variance (Satterthwaite 1946). */
function gammaPValue(groups: readonly Group[], fresh: number): number {
  let mean = 0
  let variance = 0
  for (const { size, categories, probability } of groups) {
    mean += size * categories * probability
    variance += size * size * categories * probability * (1 - probability)
  }
  if (!(mean > 0) || !(variance > 0)) return fresh > mean ? 0 : 1
  return upperGamma((mean * mean) / variance, ((fresh - 0.5) * mean) / variance)
}
