import { gapOf, selectionRates } from './group-rates.js'
import type { ConfusionMetric } from './metric.js'

/** Demographic parity difference over all groups, as fairlearn defines it (between groups). */
export const demographicParityDifference: ConfusionMetric = {
  name: 'demographic-parity-difference',
  summary: 'Largest minus smallest share of a group that is predicted positive.',
  kind: 'confusion',
  tasks: ['classification'],
  direction: 'lower',
  needs: ['prediction', 'group'],
  range: [0, 1],
  biased: true,
  binary: true,
  classes: 'two',
  byGroup: true,
  strata: 'group',
  ofTotals: (totals) => gapOf(selectionRates(totals)),
}
