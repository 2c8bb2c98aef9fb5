import { kullbackLeiblerDivergence } from '../../stats/kullback-leibler.js'
import { cellDistanceTest } from './drift-test.js'

export const kullbackLeibler = cellDistanceTest({
  name: 'kullback-leibler',
  summary:
    'Kullback-Leibler divergence of the current shares from the reference, in nats, shares floored at 1e-4.',
  distance: kullbackLeiblerDivergence,
})
