import * as z from 'zod'
import type { MetricData } from '../../domain/metrics/data.js'
import { closestMetric, getMetric, metricNames } from '../../domain/metrics/index.js'
import { metricValue } from '../../domain/metrics/metric-value.js'
import { UserError } from '../../errors.js'
import { classCodes, groupCodes } from './classes.js'

const Value = z.union([z.number(), z.string(), z.boolean()])

const input = z.strictObject({
  name: z.string().describe('The name of the metric, as in the gate.'),
  labels: z.array(Value).min(1).describe('What was true: classes, or numbers in regression.'),
  predictions: z
    .array(Value)
    .optional()
    .describe('What the model predicted, for metrics of predictions.'),
  scores: z
    .array(z.number())
    .optional()
    .describe('Scores of the positive class; probabilities for log-loss, brier and calibration.'),
  groups: z
    .array(Value.nullable())
    .optional()
    .describe('The group of each example, for fairness metrics; null leaves an example out.'),
  weights: z
    .array(z.number().min(0))
    .optional()
    .describe('Weights of the examples, not negative; one each unless given.'),
  average: z
    .enum(['macro', 'micro', 'weighted'])
    .optional()
    .describe('How precision, recall and f1 are averaged over classes.'),
  positive: Value.optional().describe('The positive class; 1 or true unless given.'),
})
type Input = z.output<typeof input>

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
  const regression = !metric.tasks.includes('classification')
  const data = regression ? numberData(given) : classData(given)
  const options = { average: given.average }
  const { value, reason } = metricValue({ name: given.name, data, options })
  return value === undefined ? { value: null, reason } : { value }
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

function checkLengths(given: Input): void {
  const n = given.labels.length
  const keys = ['predictions', 'scores', 'groups', 'weights'] as const
  const problems = keys.flatMap((key) => {
    const length = given[key]?.length ?? n
    if (length === n) return []
    return [
      {
        code: 'MW-STATS-302',
        where: key,
        what: `has ${length} entries, and labels has ${n}.`,
        fix: 'Give one entry for each example.',
      },
    ]
  })
  if (problems.length > 0) throw new UserError(problems)
}

function common(given: Input) {
  return {
    n: given.labels.length,
    scores: given.scores && Float64Array.from(given.scores),
    weights: given.weights && Float64Array.from(given.weights),
  }
}

function numberData(given: Input): MetricData {
  return {
    ...common(given),
    classes: [],
    labels: numbers('labels', given.labels),
    predictions: given.predictions && numbers('predictions', given.predictions),
  }
}

function numbers(where: string, values: Input['labels']): Float64Array {
  const wrong = values.findIndex((value) => typeof value !== 'number')
  if (wrong < 0) return Float64Array.from(values, Number)
  throw new UserError({
    code: 'MW-STATS-303',
    where,
    what: `entry ${wrong + 1} is not a number, and the metric is one of regression.`,
    fix: 'Give numbers.',
  })
}

function classData(given: Input): MetricData {
  const codes = classCodes([given.labels, given.predictions], given.positive)
  return {
    ...common(given),
    classes: codes.names,
    positive: codes.positive,
    labels: codes.encode(given.labels),
    predictions: given.predictions && codes.encode(given.predictions),
    groups: given.groups && groupCodes(given.groups),
  }
}
