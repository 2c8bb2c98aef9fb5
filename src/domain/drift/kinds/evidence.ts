import type { Resolution } from '../noise/noise.js'
import type { Histogram } from '../predicate.js'
import type { TestOutcome } from '../tests/drift-test.js'

/** What the values of one column say, whatever their kind. */
export interface Evidence {
  readonly outcome: TestOutcome | undefined
  /**
   * How certain a change is: the test's own p-value, or, where a distance is used as the test, that of the kind's
   * usual test, since distances of small samples are large by chance.
   */
  readonly significance: number | undefined
  readonly distance: {
    readonly name: string
    readonly threshold: number
    readonly value: number | undefined
    /** Without what chance adds to it on average. */
    readonly corrected: number | undefined
  }
  /** Where the deviation that the distance is in is that of a few extreme values: the distance in that of the middle half. */
  readonly inMiddle?: number | undefined
  /** What the distance can tell from chance at these sizes; undefined where that is not known. */
  readonly resolution: Resolution | undefined
  readonly histogram: Histogram | null
  /** What else changed, a clause a thing. */
  readonly details: readonly string[]
}
