import {
  type HypergeometricLaw,
  hypergeometricPmf,
  hypergeometricRange,
  hypergeometricTail,
} from './special/hypergeometric.js'
import type { TwoByTwo } from './two-proportions-z.js'

export interface FisherResult {
  /**
   * The reference's odds of the event over the current ones. Where that is infinite or has no value, 1/2 is added to every cell
   * (Haldane 1956), so that it is a number.
   */
  readonly oddsRatio: number
  /** Two-sided: the tables with the same margins that are no more likely than this one. */
  readonly pValue: number
}

/** Probabilities this close are equal: rounding must not leave the mirror image of a table out. */
const SAME = 1 + 1e-9

/**
 * Fisher's exact test of a 2×2 table, two-sided (Fisher 1922, J. R. Statist. Soc. 85:87-94); the p-value of
 * scipy.stats.fisher_exact. The event always or never: p 1. Either sample empty: undefined.
 */
export function fisherExact({ reference, current }: TwoByTwo): FisherResult | undefined {
  if (reference.n === 0 || current.n === 0) return undefined
  const law = {
    size: reference.n + current.n,
    marked: reference.n,
    draws: reference.events + current.events,
  }
  return {
    oddsRatio: oddsRatioOf({ reference, current }),
    pValue: bothTails(reference.events, law),
  }
}

function oddsRatioOf({ reference, current }: TwoByTwo): number {
  const against = current.events * (reference.n - reference.events)
  if (against > 0) return (reference.events * (current.n - current.events)) / against
  const odds = (sample: { events: number; n: number }) =>
    (sample.events + 0.5) / (sample.n - sample.events + 0.5)
  return odds(reference) / odds(current)
}

function bothTails(observed: number, law: HypergeometricLaw): number {
  const { low, high } = hypergeometricRange(law)
  if (low === high) return 1
  const mode = Math.floor(((law.draws + 1) * (law.marked + 1)) / (law.size + 2))
  const most = hypergeometricPmf(observed, law) * SAME
  if (hypergeometricPmf(mode, law) <= most) return 1
  if (observed < mode) {
    const above = firstRare({ law, most, from: mode, to: high, step: 1 })
    const other = above > high ? 0 : hypergeometricTail(above, law, 1)
    return Math.min(1, hypergeometricTail(observed, law, -1) + other)
  }
  const below = firstRare({ law, most, from: mode, to: low, step: -1 })
  const other = below < low ? 0 : hypergeometricTail(below, law, -1)
  return Math.min(1, hypergeometricTail(observed, law, 1) + other)
}

interface Search {
  readonly law: HypergeometricLaw
  readonly most: number
  readonly from: number
  readonly to: number
  readonly step: 1 | -1
}

/** The first number away from the mode with at most that probability, by halving; one past `to` if there is none. */
function firstRare({ law, most, from, to, step }: Search): number {
  let common = 0
  let rare = Math.abs(to - from) + 1
  while (rare - common > 1) {
    const middle = Math.floor((common + rare) / 2)
    if (hypergeometricPmf(from + step * middle, law) <= most) rare = middle
    else common = middle
  }
  return from + step * rare
}
