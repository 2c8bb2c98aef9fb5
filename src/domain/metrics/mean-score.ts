import { weightedMean } from './data.js'
import { unitMetric } from './unit-metrics.js'

/** Mean score that a judge or checker gave the samples of an example. */
export const meanScore = unitMetric({
  name: 'mean-score',
  summary: "Mean score of an example's samples, averaged over examples.",
  tasks: ['generation'],
  direction: 'higher',
  needs: ['score'],
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  unlabelled: true,
  unit: 'example',
  unitNeeds: 'a score for each sample',
  perUnit({ scores }) {
    const { value } = weightedMean(scores, undefined)
    return value === undefined || Number.isNaN(value) ? undefined : value
  },
})
