import { cramersV } from '../../stats/cramers-v.js'
import { type DriftTest, distanceOutcome } from './drift-test.js'

/** How well the category tells which sample a row is from. */
export const cramersVDistance: DriftTest = {
  name: 'cramers-v',
  summary: "Bias-corrected Cramér's V: 0 is no change, 1 is nothing in common.",
  compares: 'Any number of categories.',
  measures: 'distance',
  categorical: (pair) => distanceOutcome(cramersV(pair)),
}
