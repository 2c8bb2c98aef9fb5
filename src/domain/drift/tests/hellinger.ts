import { hellingerDistance } from '../../stats/hellinger.js'
import { cellDistanceTest } from './drift-test.js'

export const hellinger = cellDistanceTest({
  name: 'hellinger',
  summary: 'Hellinger distance: 0 is equal, 1 is nothing in common.',
  distance: hellingerDistance,
})
