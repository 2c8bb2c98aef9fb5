import { defined, undefinedBecause } from './data.js'
import type { ConfusionMetric } from './metric.js'

/** Agreement of labels and predictions beyond chance (Cohen 1960). No value when chance agreement is 1. */
export const cohenKappa: ConfusionMetric = {
  name: 'cohen-kappa',
  summary: 'Agreement of labels and predictions beyond what chance would give.',
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
    if (n === 0) return undefinedBecause('there are no examples')
    let beyondChance = 0
    let room = 0
    for (let k = 0; k < totals.classes; k++) {
      const actual = totals.actual[k] ?? 0
      const predicted = totals.predicted[k] ?? 0
      beyondChance += (totals.hit[k] ?? 0) * n - actual * predicted
      room += actual * (n - predicted)
    }
    if (!(room > 0)) return undefinedBecause('all labels and predictions are of one class')
    return defined(beyondChance / room)
  },
}
