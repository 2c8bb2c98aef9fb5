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
      return weightedMean(perRow(metric, data, options), data.weights)
    case 'mean':
      return weightedMean(perRow(metric, data, options), data.weights)
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

type PerRowMetric = Extract<Metric, { kind: 'proportion' | 'mean' }>

const PER_ROW = new WeakMap<MetricData, { readonly key: string; readonly numbers: Float64Array }>()

/**
 * The number of each row (or unit) whose mean the metric is, computed once for the same data: the estimate, the interval and the
 * test rest on it. Not to be changed.
 */
export function perRow(
  metric: PerRowMetric,
  data: MetricData,
  options: MetricOptions = {},
): Float64Array {
  const key = JSON.stringify([metric.name, options])
  const known = PER_ROW.get(data)
  if (known?.key === key) return known.numbers
  const numbers =
    metric.kind === 'proportion' ? metric.hits(data, options) : metric.losses(data, options)
  // The last metric's alone: all of many metrics would be as much memory as the files.
  PER_ROW.set(data, { key, numbers })
  return numbers
}
