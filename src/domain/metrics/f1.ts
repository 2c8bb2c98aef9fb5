import { ALL_AVERAGES, averagedRatio } from './averaging.js'
import type { ConfusionMetric } from './metric.js'

/** Harmonic mean of precision and recall. No value when no example is positive or predicted so. */
export const f1: ConfusionMetric = {
  name: 'f1',
  summary: 'Harmonic mean of precision and recall.',
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
      of: ({ hit, actual, predicted }) => ({ top: 2 * hit, bottom: actual + predicted }),
      sample: 'f1',
      undefinedReason: 'no example is positive or predicted positive',
    }),
}
