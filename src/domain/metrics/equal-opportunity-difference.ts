import { gapOf, truePositiveRates } from './group-rates.js'
import type { ConfusionMetric } from './metric.js'

/** Gap of true positive rates between groups (Hardt et al. 2016), as fairlearn defines it. No value when a group has no positive example. */
export const equalOpportunityDifference: ConfusionMetric = {
  name: 'equal-opportunity-difference',
  summary: 'Largest minus smallest recall of a group.',
  kind: 'confusion',
  tasks: ['classification'],
  direction: 'lower',
  needs: ['prediction', 'group'],
  range: [0, 1],
  biased: true,
  binary: true,
  classes: 'two',
  byGroup: true,
  strata: 'group-and-label',
  ofTotals: (totals) => gapOf(truePositiveRates(totals)),
}
