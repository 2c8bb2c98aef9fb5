import { totalsOf } from './class-totals.js'
import { type MetricData, type MetricOptions, type Outcome, weightedMean } from './data.js'
import type { Metric } from './metric.js'

/** A metric's value on data that have what it needs, by its kind. */
export function outcomeOf(metric: Metric, data: MetricData, options: MetricOptions = {}): Outcome {
  switch (metric.kind) {
    case 'proportion':
      return weightedMean(metric.hits(data), data.weights)
    case 'mean':
      return weightedMean(metric.losses(data), data.weights)
    case 'confusion':
      return metric.ofTotals(totalsOf(data, metric.byGroup), options)
    case 'rank':
    case 'rows':
      return metric.prepare(data)(data.weights)
  }
}
