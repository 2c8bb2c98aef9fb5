import { gTest as gStatistic } from '../../stats/g-test.js'
import type { DriftTest } from './drift-test.js'

/** G: any difference between two sets of category shares, by the likelihood ratio. */
export const gTest: DriftTest = {
  name: 'g-test',
  summary: 'Two-sample G-test (log-likelihood ratio), without continuity correction.',
  compares:
    'Any number of categories that are not rare: where expected counts are under 5, chi-square is better calibrated.',
  measures: 'significance',
  categorical: (pair) => {
    const result = gStatistic(pair)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
