import { defined, undefinedBecause } from './data.js'
import type { ConfusionMetric } from './metric.js'

/** Mean over the classes that occur of the share of their examples predicted right. */
export const balancedAccuracy: ConfusionMetric = {
  name: 'balanced-accuracy',
  summary: 'Mean of the recall of each class that occurs.',
  kind: 'confusion',
  tasks: ['classification'],
  direction: 'higher',
  needs: ['prediction'],
  range: [0, 1],
  classes: 'any',
  byGroup: false,
  strata: 'label',
  ofTotals(totals) {
    let sum = 0
    let classes = 0
    for (let k = 0; k < totals.classes; k++) {
      const actual = totals.actual[k] ?? 0
      if (actual === 0) continue
      sum += (totals.hit[k] ?? 0) / actual
      classes++
    }
    return classes > 0 ? defined(sum / classes) : undefinedBecause('there are no examples')
  },
}
