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
  classes: 'any',
  byGroup: false,
  strata: 'none',
  ofTotals(totals) {
    const n = totals.size[0] ?? 0
    let covariance = 0
    let labelSpread = 0
    let predictionSpread = 0
    for (let k = 0; k < totals.classes; k++) {
      const actual = totals.actual[k] ?? 0
      const predicted = totals.predicted[k] ?? 0
      covariance += (totals.hit[k] ?? 0) * n - actual * predicted
      // Not n² - Σ a²: that cancels when one class holds nearly everything.
      labelSpread += actual * (n - actual)
      predictionSpread += predicted * (n - predicted)
    }
    if (!(labelSpread > 0)) return undefinedBecause('all labels are of one class')
    if (!(predictionSpread > 0)) return undefinedBecause('all predictions are of one class')
    return defined(covariance / (Math.sqrt(labelSpread) * Math.sqrt(predictionSpread)))
  },
}
