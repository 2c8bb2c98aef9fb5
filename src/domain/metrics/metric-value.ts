import type { MetricData, MetricOptions, Outcome } from './data.js'
import { undefinedBecause } from './data.js'
import { getMetric } from './index.js'
import type { Metric, Need } from './metric.js'
import { outcomeOf } from './value.js'

export interface MetricRequest {
  readonly name: string
  readonly data: MetricData
  readonly options?: MetricOptions | undefined
}

/**
 * One metric of one model's outputs. What it lacks (an unknown name, a missing column, a positive class, examples)
 * is the reason of an undefined value.
 */
export function metricValue(request: MetricRequest): Outcome {
  const { name, data, options = {} } = request
  const metric = getMetric(name)
  if (metric === undefined) return undefinedBecause(`there is no metric "${name}"`)
  const lack = lackOf(metric, data, options)
  return lack === undefined ? outcomeOf(metric, data, options) : undefinedBecause(lack)
}

const MISSING: Readonly<Record<Need, (data: MetricData) => string | undefined>> = {
  prediction: (data) => (data.predictions === undefined ? 'it needs predictions' : undefined),
  score: (data) => (data.scores === undefined ? 'it needs scores' : undefined),
  probability: (data) => {
    if (data.scores === undefined) return 'it needs scores'
    return data.scores.every((score) => score >= 0 && score <= 1)
      ? undefined
      : 'its scores must be probabilities inside [0, 1]'
  },
  group: (data) => (data.groups === undefined ? 'it needs groups' : undefined),
  column: (data) => (data.values === undefined ? 'it needs a column of numbers' : undefined),
}

/** Why a metric cannot be asked of these data; undefined when it can. */
export function lackOf(
  metric: Metric,
  data: MetricData,
  options: MetricOptions,
): string | undefined {
  if (data.n === 0) return 'there are no examples'
  for (const need of metric.needs) {
    const lack = MISSING[need](data)
    if (lack !== undefined) return lack
  }
  if (metric.binary === true && data.positive === undefined) return 'it needs a positive class'
  const averages = metric.averaged === true && options.average === undefined
  if (averages && data.classes.length > 2) {
    return `with ${data.classes.length} classes it needs an average: macro, micro or weighted`
  }
  return undefined
}
