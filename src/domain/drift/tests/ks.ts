import { ksTwoSample } from '../../stats/ks.js'
import type { DriftTest } from './drift-test.js'

/** Kolmogorov-Smirnov: any difference between two distributions of numbers. */
export const ks: DriftTest = {
  name: 'ks',
  summary: 'Two-sample, two-sided Kolmogorov-Smirnov test; exact p-value up to 10,000 values.',
  compares: 'Any two samples of numbers; sees every kind of difference, best in the middle.',
  measures: 'significance',
  numeric: ({ reference, current }) => {
    const result = ksTwoSample(reference, current)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
