import { welchTest } from '../../stats/welch-t-test.js'
import type { DriftTest } from './drift-test.js'

/** Welch's t: whether the mean changed. */
export const tTest: DriftTest = {
  name: 't-test',
  summary: "Welch's t test of equal means, variances not assumed equal.",
  compares:
    'Samples of two values or more; sees a change of the mean alone. Two different constants have no answer.',
  measures: 'significance',
  numeric: ({ reference, current }) => {
    const result = welchTest(reference, current)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
