import type { Pair } from '../../domain/gate/examples.js'
import type { MetricData } from '../../domain/metrics/data.js'
import type { Metric } from '../../domain/metrics/metric.js'
import { UserError } from '../../errors.js'
import { classCodes, groupCodes, type Value } from './classes.js'

/** What one model said about the examples. */
export interface Outputs {
  readonly predictions?: readonly Value[] | undefined
  readonly scores?: readonly number[] | undefined
}

export interface BootstrapExamples extends Outputs {
  readonly labels: readonly Value[]
  readonly groups?: readonly (Value | null)[] | undefined
  readonly positive?: Value | undefined
  readonly baseline?: Outputs | undefined
}

/** The examples of one or two models as metrics take them. Wrong lengths or numbers that are none -> UserError. */
export function readPair(given: BootstrapExamples, metric: Metric): Pair {
  checkLengths(given)
  const encode = metric.tasks.includes('classification') ? classes(given) : regression(given)
  return {
    candidate: encode(given),
    baseline: given.baseline && encode(given.baseline),
  }
}

function checkLengths(given: BootstrapExamples): void {
  const n = given.labels.length
  const lists = {
    predictions: given.predictions,
    scores: given.scores,
    groups: given.groups,
    'baseline.predictions': given.baseline?.predictions,
    'baseline.scores': given.baseline?.scores,
  }
  const problems = Object.entries(lists).flatMap(([where, list]) => {
    if (list === undefined || list.length === n) return []
    const what = `has ${list.length} entries, and labels has ${n}.`
    return [{ code: 'MW-STATS-121', where, what, fix: 'Give one entry for each example.' }]
  })
  if (problems.length > 0) throw new UserError(problems)
}

function regression(given: BootstrapExamples): (outputs: Outputs) => MetricData {
  const labels = numbers('labels', given.labels)
  return ({ predictions, scores }) => ({
    n: labels.length,
    labels,
    classes: [],
    predictions: predictions && numbers('predictions', predictions),
    scores: scores && Float64Array.from(scores),
  })
}

function numbers(where: string, values: readonly Value[]): Float64Array {
  const wrong = values.findIndex((value) => typeof value !== 'number')
  if (wrong < 0) return Float64Array.from(values, Number)
  throw new UserError({
    code: 'MW-STATS-122',
    where,
    what: `entry ${wrong + 1} is not a number, and the metric is one of regression.`,
    fix: 'Give numbers.',
  })
}

function classes(given: BootstrapExamples): (outputs: Outputs) => MetricData {
  const { labels, predictions, baseline } = given
  const codes = classCodes([labels, predictions, baseline?.predictions], given.positive)
  const groups = given.groups && groupCodes(given.groups)
  return (outputs) => ({
    n: labels.length,
    labels: codes.encode(labels),
    classes: codes.names,
    positive: codes.positive,
    predictions: outputs.predictions && codes.encode(outputs.predictions),
    scores: outputs.scores && Float64Array.from(outputs.scores),
    groups,
  })
}
