import { ksOfGap } from '../../stats/ks.js'
import { tiedRuns } from '../../stats/tied-runs.js'
import type { DriftTest } from './drift-test.js'
import { factsOf } from './pair-facts.js'

/** Kolmogorov-Smirnov: any difference between two distributions of numbers. */
export const ks: DriftTest = {
  name: 'ks',
  summary:
    'Two-sample, two-sided Kolmogorov-Smirnov test; exact p-value up to 10,000 values, with ties that given the ties.',
  compares: 'Any two samples of numbers; sees every kind of difference, best in the middle.',
  measures: 'significance',
  numeric: (pair) => {
    const gap = factsOf(pair).comparison()?.gap
    if (gap === undefined) return undefined
    const { reference, current } = pair
    const ties = tiedRuns(reference, current)
    const { statistic, pValue } = ksOfGap(reference.length, current.length, { ...gap, ties })
    return { statistic, pValue }
  },
}
