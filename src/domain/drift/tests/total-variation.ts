import { totalVariationDistance } from '../../stats/total-variation.js'
import { cellDistanceTest } from './drift-test.js'

export const totalVariation = cellDistanceTest({
  name: 'total-variation',
  summary: 'Total variation distance: half the sum of the differences of shares.',
  distance: totalVariationDistance,
})
