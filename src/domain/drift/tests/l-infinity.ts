import { lInfinityDistance } from '../../stats/l-infinity.js'
import { type DriftTest, distanceOutcome } from './drift-test.js'

/** How much the share of the most changed category changed. */
export const lInfinity: DriftTest = {
  name: 'l-infinity',
  summary: "L-infinity distance: the largest change of one category's share.",
  compares: 'Any number of categories.',
  measures: 'distance',
  categorical: (pair) => distanceOutcome(lInfinityDistance(pair)),
}
