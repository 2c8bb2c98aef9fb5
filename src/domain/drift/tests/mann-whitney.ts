import { mannWhitney } from '../../stats/mann-whitney.js'
import type { DriftTest } from './drift-test.js'

/** Mann-Whitney: whether the numbers of one sample tend to be larger. */
export const mannWhitneyTest: DriftTest = {
  name: 'mann-whitney',
  summary: 'Mann-Whitney U test, two-sided, corrected for ties; exact for very small samples.',
  compares:
    'Any two samples of numbers; sees whether values tend to be larger, not a change of spread.',
  measures: 'significance',
  numeric: ({ reference, current }) => {
    const result = mannWhitney(reference, current)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
