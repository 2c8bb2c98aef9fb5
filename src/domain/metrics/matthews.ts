import { totalOf } from './class-totals.js'
import { defined, undefinedBecause } from './data.js'
import type { ConfusionMetric } from './metric.js'

/**
 * Matthews correlation coefficient, for any number of classes (Gorodkin 2004). No value when all labels, or all
 * predictions, are of one class.
 */
export const matthews: ConfusionMetric = {
  name: 'matthews',
  summary: 'Matthews correlation coefficient of labels and predictions.',
  kind: 'confusion',
  tasks: ['classification'],
  direction: 'higher',
  needs: ['prediction'],
  range: [-1, 1],
  byGroup: false,
  strata: 'none',
  ofTotals(totals) {
    const n = totals.size[0] ?? 0
    const right = totalOf(totals.hit)
    let cross = 0
    let labels = 0
    let predictions = 0
    for (let k = 0; k < totals.classes; k++) {
      const actual = totals.actual[k] ?? 0
      const predicted = totals.predicted[k] ?? 0
      cross += actual * predicted
      labels += actual * actual
      predictions += predicted * predicted
    }
    const labelSpread = n * n - labels
    const predictionSpread = n * n - predictions
    if (!(labelSpread > 0)) return undefinedBecause('all labels are of one class')
    if (!(predictionSpread > 0)) return undefinedBecause('all predictions are of one class')
    return defined((right * n - cross) / Math.sqrt(labelSpread * predictionSpread))
  },
}
