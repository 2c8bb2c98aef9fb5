import { type DriftTest, distanceOutcome } from './drift-test.js'
import { factsOf } from './pair-facts.js'

/** How far values moved on average, in the column's own unit. */
export const wasserstein: DriftTest = {
  name: 'wasserstein',
  summary: "First-order Wasserstein distance, in the column's unit.",
  compares: 'Any two samples of numbers.',
  measures: 'distance',
  numeric: (pair) => distanceOutcome(factsOf(pair).comparison()?.area),
}
