import { populationStabilityIndex } from '../../stats/psi.js'
import { cellDistanceTest } from './drift-test.js'

export const psi = cellDistanceTest({
  name: 'psi',
  summary: 'Population stability index, shares floored at 1e-4.',
  distance: populationStabilityIndex,
})
