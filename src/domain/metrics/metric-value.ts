import {
  classCount,
  isMultiClass,
  type MetricData,
  type MetricOptions,
  type Outcome,
  positiveScores,
  undefinedBecause,
} from './data.js'
import { getMetric } from './index.js'
import type { Metric, Need } from './metric.js'
import { lackOfOptions } from './option-lack.js'
import { isUnitMetric, type UnitMetric } from './unit-metrics.js'
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

/** Why a metric cannot be asked of these data; undefined when it can. */
export function lackOf(
  metric: Metric,
  data: MetricData,
  options: MetricOptions,
): string | undefined {
  if (data.n === 0) return 'there are no examples'
  return (
    lackOfOptions(metric, data, options) ??
    lackOfWeights(data) ??
    (isUnitMetric(metric) ? lackOfUnits(metric, data) : lackOfColumns(metric, data)) ??
    lackOfClass(metric, data)
  )
}

function lackOfColumns(metric: Metric, data: MetricData): string | undefined {
  for (const need of metric.needs) {
    const lack = MISSING[need](data)
    if (lack !== undefined) return lack
  }
  return undefined
}

const MISSING: Readonly<Record<Need, (data: MetricData) => string | undefined>> = {
  prediction: (data) => (data.predictions === undefined ? 'it needs predictions' : undefined),
  score: (data) => (scoreColumns(data).length === 0 ? 'it needs scores' : undefined),
  probability: (data) => {
    const columns = scoreColumns(data)
    if (columns.length === 0) return 'it needs scores'
    return columns.every(insideUnit) ? undefined : 'its scores must be probabilities inside [0, 1]'
  },
  'class-scores': (data) =>
    data.classScores === undefined ? 'it needs a score for each class' : undefined,
  group: (data) => (data.groups === undefined ? 'it needs groups' : undefined),
  column: (data) => (data.values === undefined ? 'it needs a column of numbers' : undefined),
}

/** The columns of scores that a metric will read. */
function scoreColumns(data: MetricData): readonly Float64Array[] {
  if (isMultiClass(data)) return data.classScores ?? []
  const scores = positiveScores(data)
  // Without a positive class that is what is missing, not its score.
  if (scores === undefined && data.positive === undefined) return data.classScores ?? []
  return scores === undefined ? [] : [scores]
}

function insideUnit(scores: Float64Array): boolean {
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0
    if (!(score >= 0 && score <= 1)) return false
  }
  return true
}

function lackOfClass(metric: Metric, data: MetricData): string | undefined {
  if (metric.binary !== true || data.positive !== undefined) return undefined
  if (metric.classes === 'any-with-class-scores') {
    if (isMultiClass(data)) return undefined
    if (classCount(data) > 2) {
      return `with ${classCount(data)} classes it needs a score for each class`
    }
  }
  return 'it needs a positive class'
}

function lackOfWeights({ weights }: MetricData): string | undefined {
  if (weights === undefined) return undefined
  let some = false
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      return 'its weights must be numbers that are not negative'
    }
    if (weight > 0) some = true
  }
  return some ? undefined : 'all weights are zero'
}

function lackOfUnits(metric: UnitMetric, { n, values }: MetricData): string | undefined {
  if (values === undefined) return `it needs ${metric.unitNeeds}`
  let without = 0
  for (let i = 0; i < n; i++) if (Number.isNaN(values[i] ?? 0)) without++
  if (without === 0) return undefined
  const units = metric.unit === 'query' ? 'queries' : 'examples'
  return `${without} of ${n} ${units} have no value: each needs ${metric.unitNeeds}`
}
