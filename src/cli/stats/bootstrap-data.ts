import type { Pair } from '../../domain/gate/examples.js'
import type { MetricData } from '../../domain/metrics/data.js'
import type { Metric } from '../../domain/metrics/metric.js'
import { UserError } from '../../errors.js'
import { type ClassCodes, classCodes, groupCodes, type Value } from './classes.js'

/** What one model said about the examples. */
export interface Outputs {
  readonly predictions?: readonly Value[] | undefined
  readonly scores?: readonly number[] | undefined
  /** A list for each example: each class's score, in the order of the classes. */
  readonly classScores?: readonly (readonly number[])[] | undefined
}

/** What is known of the examples themselves. */
export interface Described {
  readonly groups?: readonly (Value | null)[] | undefined
  readonly weights?: readonly number[] | undefined
  readonly clusters?: readonly Value[] | undefined
}

export interface BootstrapExamples extends Outputs, Described {
  readonly labels: readonly Value[]
  readonly positive?: Value | undefined
  /** With labels of its own the baseline was evaluated on other examples. */
  readonly baseline?:
    | (Outputs & Described & { readonly labels?: readonly Value[] | undefined })
    | undefined
}

type Rows = Outputs & Described & { readonly labels: readonly Value[] }

/** The examples of one or two models as metrics take them. Wrong lengths or numbers that are none -> UserError. */
export function readPair(given: BootstrapExamples, metric: Metric): Pair {
  const baseline = given.baseline && baselineRows(given, given.baseline)
  checkLengths('', given)
  if (baseline !== undefined) checkLengths('baseline.', baseline)
  const encode = metric.tasks.includes('classification') ? classes(given) : regression
  return { candidate: encode(given), baseline: baseline && encode(baseline) }
}

/** The baseline's own rows, or the candidate's with the baseline's outputs. */
function baselineRows(
  given: BootstrapExamples,
  baseline: NonNullable<BootstrapExamples['baseline']>,
): Rows {
  const { labels } = baseline
  if (labels !== undefined) return { ...baseline, labels }
  const { groups, weights, clusters } = given
  return { ...baseline, labels: given.labels, groups, weights, clusters }
}

function checkLengths(prefix: string, rows: Rows): void {
  const n = rows.labels.length
  const { predictions, scores, classScores, groups, weights, clusters } = rows
  const lists = { predictions, scores, classScores, groups, weights, clusters }
  const problems = Object.entries(lists).flatMap(([name, list]) => {
    if (list === undefined || list.length === n) return []
    const what = `has ${list.length} entries, and ${prefix}labels has ${n}.`
    const where = `${prefix}${name}`
    return [{ code: 'MW-STATS-121', where, what, fix: 'Give one entry for each example.' }]
  })
  if (problems.length > 0) throw new UserError(problems)
}

function shared(rows: Rows) {
  const { scores, weights, clusters, labels } = rows
  if (weights !== undefined && !weights.some((weight) => weight > 0)) {
    throw new UserError({
      code: 'MW-STATS-125',
      where: 'weights',
      what: 'are all 0, so that no example counts.',
      fix: 'Give a positive weight to some example.',
    })
  }
  return {
    n: labels.length,
    scores: scores && Float64Array.from(scores),
    weights: weights && Float64Array.from(weights),
    clusters: clusters && clusterCodes(clusters),
  }
}

function clusterCodes(clusters: readonly Value[]): Int32Array {
  const codes = new Map<Value, number>()
  return Int32Array.from(clusters, (cluster) => {
    const code = codes.get(cluster) ?? codes.size
    codes.set(cluster, code)
    return code
  })
}

function regression(rows: Rows): MetricData {
  return {
    ...shared(rows),
    labels: numbers('labels', rows.labels),
    classes: [],
    predictions: rows.predictions && numbers('predictions', rows.predictions),
  }
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

function classes(given: BootstrapExamples): (rows: Rows) => MetricData {
  const { labels, predictions, baseline } = given
  const lists = [labels, predictions, baseline?.labels, baseline?.predictions]
  const codes = classCodes(lists, given.positive)
  return (rows) => ({
    ...shared(rows),
    labels: codes.encode(rows.labels),
    classes: codes.names,
    positive: codes.positive,
    predictions: rows.predictions && codes.encode(rows.predictions),
    classScores: rows.classScores && classColumns(rows.classScores, codes),
    groups: rows.groups && groupCodes(rows.groups),
  })
}

function classColumns(rows: readonly (readonly number[])[], { names }: ClassCodes): Float64Array[] {
  const wrong = rows.findIndex((scores) => scores.length !== names.length)
  if (wrong < 0) return names.map((_, k) => Float64Array.from(rows, (scores) => scores[k] ?? 0))
  throw new UserError({
    code: 'MW-STATS-126',
    where: 'classScores',
    what: `entry ${wrong + 1} has ${rows[wrong]?.length} scores, and there are ${names.length} classes.`,
    fix: 'Give one score for each class that occurs, in the order of their names.',
  })
}
