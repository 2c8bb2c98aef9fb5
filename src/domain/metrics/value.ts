import { totalsOf } from './class-totals.js'
import {
  type MetricData,
  type MetricOptions,
  type Outcome,
  undefinedBecause,
  type Weights,
  weightedMean,
} from './data.js'
import type { Metric } from './metric.js'

/** A metric's value on data that have what it needs. Numbers too large to add up give no value. */
export function outcomeOf(metric: Metric, data: MetricData, options: MetricOptions = {}): Outcome {
  const weights = data.weights && moderate(data.weights)
  const outcome = byKind(metric, { ...data, weights }, options)
  if (outcome.value === undefined || Number.isFinite(outcome.value)) return outcome
  return undefinedBecause('the numbers are too large to compute with')
}

function byKind(metric: Metric, data: MetricData, options: MetricOptions): Outcome {
  switch (metric.kind) {
    case 'proportion':
      return weightedMean(metric.hits(data, options), data.weights)
    case 'mean':
      return weightedMean(metric.losses(data, options), data.weights)
    case 'confusion':
      return metric.ofTotals(totalsOf(data, metric.byGroup), options)
    case 'rank':
    case 'rows':
      return metric.prepare(data, options)(data.weights)
  }
}

/** The smallest and largest value that a metric can take with that number of classes. */
export function rangeOf(metric: Metric, classes: number): readonly [number, number] {
  return classes <= 2 ? (metric.twoClassRange ?? metric.range) : metric.range
}

/** Products of weights beyond this, or below its inverse, could overflow or vanish. */
const EXTREME = 2 ** 200

/** No metric depends on the weights' unit: extreme ones are brought near 1, by a power of two, so that no digit is lost. */
function moderate(weights: Weights): Weights {
  let largest = 0
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0
    if (weight > largest) largest = weight
  }
  if (largest === 0 || (largest < EXTREME && largest > 1 / EXTREME)) return weights
  const exponent = Math.floor(Math.log2(largest))
  // In two steps: the inverse of the smallest power is itself too large.
  const half = 2 ** -Math.floor(exponent / 2)
  const rest = 2 ** -(exponent - Math.floor(exponent / 2))
  return Float64Array.from(weights, (weight) => weight * half * rest)
}
