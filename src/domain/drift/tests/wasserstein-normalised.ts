import { normalisedWasserstein } from '../../stats/wasserstein.js'
import { type DriftTest, distanceOutcome } from './drift-test.js'

/** How far values moved on average, in standard deviations of the reference. */
export const wassersteinNormalised: DriftTest = {
  name: 'wasserstein-normalised',
  summary: "First-order Wasserstein distance divided by the reference's standard deviation.",
  compares: 'Any two samples of numbers whose spread a double can hold.',
  measures: 'distance',
  numeric: ({ reference, current }) => distanceOutcome(normalisedWasserstein(reference, current)),
}
