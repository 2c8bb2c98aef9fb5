import { cramerVonMises } from '../../stats/cramer-von-mises.js'
import type { DriftTest } from './drift-test.js'

/** Cramér-von Mises: any difference between two distributions of numbers, over their whole length. */
export const cramerVonMisesTest: DriftTest = {
  name: 'cramer-von-mises',
  summary: 'Two-sample Cramér-von Mises test; exact p-value up to 20 values.',
  compares: 'Any two samples of numbers, two values each at least; sees every kind of difference.',
  measures: 'significance',
  numeric: ({ reference, current }) => {
    const result = cramerVonMises(reference, current)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
