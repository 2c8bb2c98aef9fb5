import { compareSorted, type SortedComparison } from '../../stats/compare-sorted.js'
import { deviationOf } from '../../stats/wasserstein.js'
import type { NumericPair } from './drift-test.js'

/** What several tests, and what is said about their noise, ask of the same values: found once. */
interface PairFacts {
  /** Undefined when a sample is empty. */
  readonly comparison: () => SortedComparison | undefined
  /** The standard deviation of the reference, divisor n. */
  readonly deviation: () => number
}

const FACTS = new WeakMap<NumericPair, PairFacts>()

export function factsOf(pair: NumericPair): PairFacts {
  const known = FACTS.get(pair)
  if (known !== undefined) return known
  const { reference, current } = pair
  const facts = {
    comparison: once(() => compareSorted(reference, current)),
    deviation: once(() => deviationOf(reference)),
  }
  FACTS.set(pair, facts)
  return facts
}

function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | undefined
  return () => {
    found ??= { value: find() }
    return found.value
  }
}
