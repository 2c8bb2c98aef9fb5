import { jensenShannonDistance } from '../../stats/jensen-shannon.js'
import { cellDistanceTest } from './drift-test.js'

export const jensenShannon = cellDistanceTest({
  name: 'jensen-shannon',
  summary: 'Jensen-Shannon distance, base 2: 0 is equal, 1 is nothing in common.',
  distance: jensenShannonDistance,
})
