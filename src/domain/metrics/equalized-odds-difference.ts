import type { ClassTotals } from './class-totals.js'
import { defined, type Outcome } from './data.js'
import { falsePositiveRates, gapOf, truePositiveRates } from './group-rates.js'
import type { ConfusionMetric } from './metric.js'

/**
 * The larger of the gaps of true and of false positive rates between groups (Hardt et al. 2016), as fairlearn defines it.
 * No value when a group lacks positive or negative examples.
 */
export const equalizedOddsDifference: ConfusionMetric = {
  name: 'equalized-odds-difference',
  summary: 'Larger of the gaps of true and false positive rates between groups.',
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
  ofTotals: largerGap,
}

function largerGap(totals: ClassTotals): Outcome {
  const recall = gapOf(truePositiveRates(totals))
  if (recall.value === undefined) return recall
  const alarms = gapOf(falsePositiveRates(totals))
  if (alarms.value === undefined) return alarms
  return defined(Math.max(recall.value, alarms.value))
}
