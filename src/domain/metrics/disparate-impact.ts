import { ratioOf, selectionRates } from './group-rates.js'
import type { ConfusionMetric } from './metric.js'

/** Disparate impact by the four-fifths rule: each group against the one selected most (29 CFR 1607.4 D). */
export const disparateImpact: ConfusionMetric = {
  name: 'disparate-impact',
  summary:
    'Smallest over largest share of a group that is predicted positive (the four-fifths rule asks for 0.8).',
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
