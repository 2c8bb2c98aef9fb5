import { ALL_AVERAGES, averagedRatio } from './averaging.js'
import type { ConfusionMetric } from './metric.js'

/** Of the positive examples, the share predicted so. No value when there is no positive example. */
export const recall: ConfusionMetric = {
  name: 'recall',
  summary: 'Of the positive examples, the share predicted positive.',
  kind: 'confusion',
  tasks: ['classification'],
  direction: 'higher',
  needs: ['prediction'],
  range: [0, 1],
  classes: 'any',
  multiLabel: true,
  averaged: true,
  averages: ALL_AVERAGES,
  byGroup: false,
  strata: 'label',
  shareOf: 'positives',
  ofTotals: (totals, options) =>
    averagedRatio(totals, options, {
      of: ({ hit, actual }) => ({ top: hit, bottom: actual }),
      sample: 'recall',
      undefinedReason: 'no example is positive',
    }),
}
