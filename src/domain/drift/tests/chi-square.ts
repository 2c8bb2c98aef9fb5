import { chiSquareTwoSample } from '../../stats/chi-square.js'
import type { DriftTest } from './drift-test.js'

/** Chi-square: any difference between two sets of category shares. */
export const chiSquare: DriftTest = {
  name: 'chi-square',
  summary: 'Two-sample chi-square test of homogeneity, without continuity correction.',
  measures: 'significance',
  categorical: (pair) => {
    const result = chiSquareTwoSample(pair)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
