import { energyDistance } from '../../stats/energy-distance.js'
import { type DriftTest, distanceOutcome } from './drift-test.js'

/** How far two distributions of numbers are apart, with weight on their tails. */
export const energy: DriftTest = {
  name: 'energy',
  summary: "Energy distance, in the root of the column's unit.",
  compares: 'Any two samples of numbers.',
  measures: 'distance',
  numeric: ({ reference, current }) => distanceOutcome(energyDistance(reference, current)),
}
