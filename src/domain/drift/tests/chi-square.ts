import { smallCellChiSquare } from '../../stats/chi-square-small-cells.js'
import type { DriftTest } from './drift-test.js'

/** Chi-square: any difference between two sets of category shares, with care for rare categories. */
export const chiSquare: DriftTest = {
  name: 'chi-square',
  summary:
    'Two-sample chi-square test of homogeneity, without continuity correction; where categories are rare the p-value is that given the margins.',
  compares: 'Any number of categories, rare ones too.',
  measures: 'significance',
  categorical: (pair) => {
    const result = smallCellChiSquare(pair)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
