import type { Tally } from './tally.js'

/** A harm with its interval, in the score's unit; positive is worse. */
export interface Effect {
  readonly harm: number
  readonly low: number
  readonly high: number
}

/** How a slice is compared. All p-values are one-sided: small when the candidate is worse. */
export interface Judge {
  /** The smallest p-value that the slice could have, whichever way its examples fell. */
  leastP(slice: Tally, universe: Tally): number
  /** That the candidate is no worse in the slice: than the baseline, or than on the universe's other rows. */
  pValue(slice: Tally, universe: Tally): number
  /** That the candidate is no worse in the slice than on the other rows of `parent`, which contains it. */
  refinement(slice: Tally, parent: Tally): number
  /** The harm with its two-sided interval, in the score's unit; positive is worse. */
  effect(slice: Tally, universe: Tally, level: number): Effect
}
