import { andersonDarling } from '../../stats/anderson-darling.js'
import type { DriftTest } from './drift-test.js'

/** Anderson-Darling: any difference between two distributions of numbers, in the tails as well as in the middle. */
export const andersonDarlingTest: DriftTest = {
  name: 'anderson-darling',
  summary:
    'Two-sample Anderson-Darling test with midranks for ties; the statistic is standardised.',
  compares:
    'Any two samples of numbers, four values at least; sees every kind of difference, in the tails too.',
  measures: 'significance',
  numeric: ({ reference, current }) => {
    const result = andersonDarling(reference, current)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
