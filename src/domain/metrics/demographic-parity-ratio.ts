import { ratioOf, selectionRates } from './group-rates.js'
import type { ConfusionMetric } from './metric.js'

/** Demographic parity ratio over all groups, as fairlearn defines it (between groups). */
export const demographicParityRatio: ConfusionMetric = {
  name: 'demographic-parity-ratio',
  summary: 'Smallest over largest share of a group that is predicted positive.',
  kind: 'confusion',
  tasks: ['classification'],
  direction: 'higher',
  needs: ['prediction', 'group'],
  range: [0, 1],
  biased: true,
  binary: true,
  classes: 'two',
  byGroup: true,
  strata: 'group',
  ofTotals: (totals) => ratioOf(selectionRates(totals)),
}
