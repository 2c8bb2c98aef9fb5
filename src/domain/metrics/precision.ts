import { ALL_AVERAGES, averagedRatio } from './averaging.js'
import type { ConfusionMetric } from './metric.js'

/** Of the examples predicted positive, the share that is. No value when none is predicted positive. */
export const precision: ConfusionMetric = {
  name: 'precision',
  summary: 'Of the examples predicted positive, the share that is.',
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
  strata: 'none',
  ofTotals: (totals, options) =>
    averagedRatio(totals, options, {
      of: ({ hit, predicted }) => ({ top: hit, bottom: predicted }),
      sample: 'precision',
      undefinedReason: 'no example is predicted positive',
    }),
}
