import { eppsSingleton } from '../../stats/epps-singleton.js'
import type { DriftTest } from './drift-test.js'

/** Epps-Singleton: any difference between two distributions of numbers, discrete ones too. */
export const eppsSingletonTest: DriftTest = {
  name: 'epps-singleton',
  summary: 'Epps-Singleton test of the empirical characteristic functions.',
  compares:
    'Samples of five values or more with a spread between their quartiles; holds for whole numbers and many ties.',
  measures: 'significance',
  numeric: ({ reference, current }) => {
    const result = eppsSingleton(reference, current)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
