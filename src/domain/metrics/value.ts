import { totalsOf } from './class-totals.js'
import {
  type MetricData,
  type MetricOptions,
  type Outcome,
  undefinedBecause,
  weightedMean,
} from './data.js'
import type { Metric } from './metric.js'

/** A metric's value on data that have what it needs. Numbers too large to add up give no value. */
export function outcomeOf(metric: Metric, data: MetricData, options: MetricOptions = {}): Outcome {
  const outcome = byKind(metric, data, options)
  if (outcome.value === undefined || Number.isFinite(outcome.value)) return outcome
  return undefinedBecause('the numbers are too large to compute with')
}

function byKind(metric: Metric, data: MetricData, options: MetricOptions): Outcome {
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
