import type { MetricData, MetricOptions } from '../../domain/metrics/data.js'
import { closestMetric, getMetric, metricNames } from '../../domain/metrics/index.js'
import type { Metric } from '../../domain/metrics/metric.js'
import { metricValue } from '../../domain/metrics/metric-value.js'
import { isUnitMetric } from '../../domain/metrics/unit-metrics.js'
import { UserError } from '../../errors.js'
import { classData, numberData } from './metric-data.js'
import { type Input, input, type RowKey } from './metric-input.js'
import { unitData } from './metric-units.js'

interface MetricOutput {
  readonly value: number | null
  readonly reason?: string
}

/** `modelway stats metric`: one metric of one model, as the gate computes it. */
export const procedure = {
  name: 'metric',
  summary: `A metric of a model's outputs: ${metricNames.join(', ')}.`,
  input,
  output: {
    value: "The metric's value; null where it has none on these examples.",
    reason: 'Why there is no value; absent where there is one.',
  },
  run: runMetric,
}

function runMetric(given: Input): MetricOutput {
  const metric = getMetric(given.name)
  if (metric === undefined || metric.needs.includes('column')) throw unknownMetric(given.name)
  checkLengths(given)
  const { average, k, quantile, multiClass } = given
  const options = { average, k, quantile, multiClass }
  const data = dataFor(given, metric, options)
  const { value, reason } = metricValue({ name: given.name, data, options })
  return value === undefined ? { value: null, reason } : { value }
}

function dataFor(given: Input, metric: Metric, options: MetricOptions): MetricData {
  if (given.labels === undefined && metric.unlabelled !== true) throw noLabels(metric)
  if (isUnitMetric(metric)) return unitData(given, metric, options)
  const labels = given.labels ?? []
  return metric.tasks.includes('classification')
    ? classData(given, labels)
    : numberData(given, labels)
}

function unknownMetric(name: string): UserError {
  const near = closestMetric(name)
  return new UserError({
    code: 'MW-STATS-301',
    where: 'name',
    what: `there is no metric "${name.slice(0, 60)}".`,
    fix: near === undefined ? `Use one of ${metricNames.join(', ')}.` : `Did you mean "${near}"?`,
  })
}

function noLabels(metric: Metric): UserError {
  return new UserError({
    code: 'MW-STATS-310',
    where: 'labels',
    what: `is missing, and ${metric.name} compares with what was true.`,
    fix: 'Give a label for each row.',
  })
}

const ROW_KEYS: readonly RowKey[] = [
  'labels',
  'queries',
  'ids',
  'predictions',
  'scores',
  'classScores',
  'groups',
  'weights',
]

/** All lists are as long as the first of them that is given. */
function checkLengths(given: Input): void {
  const first = ROW_KEYS.find((key) => given[key] !== undefined) ?? 'labels'
  const n = given[first]?.length ?? 0
  const problems = ROW_KEYS.flatMap((key) => {
    const length = given[key]?.length ?? n
    if (length === n) return []
    return [
      {
        code: 'MW-STATS-302',
        where: key,
        what: `has ${length} entries, and ${first} has ${n}.`,
        fix: 'Give one entry for each example.',
      },
    ]
  })
  if (problems.length > 0) throw new UserError(problems)
}
