import { normalised } from '../../stats/wasserstein.js'
import { type DriftTest, distanceOutcome } from './drift-test.js'
import { factsOf } from './pair-facts.js'

/** How far values moved on average, in standard deviations of the reference. */
export const wassersteinNormalised: DriftTest = {
  name: 'wasserstein-normalised',
  summary: "First-order Wasserstein distance divided by the reference's standard deviation.",
  compares: 'Any two samples of numbers whose spread a double can hold.',
  measures: 'distance',
  numeric: (pair) => {
    const { comparison, deviation } = factsOf(pair)
    return distanceOutcome(normalised(pair, comparison()?.area, deviation))
  },
}
