import type { MetricOptions } from '../../metrics/data.js'
import type { Metric } from '../../metrics/metric.js'
import { lackOf } from '../../metrics/metric-value.js'
import { outcomeOf, perRow } from '../../metrics/value.js'
import type { RandomSource } from '../../stats/random.js'
import { normalMultiplier } from '../../stats/special/normal.js'
import { estimateMean } from '../../stats/student-interval.js'
import type { Pair } from '../examples.js'
import { measure } from '../measure.js'

/** What data at hand say about a metric; undefined where they do not. `second` is another model on the same examples. */
export interface Facts {
  readonly n: number
  /** No weights and no clusters: an example counts one and stands alone. */
  readonly plain: boolean
  readonly value: number | undefined
  /** The share of examples that only one of two models gets right. */
  readonly discordance: number | undefined
  /** Of one model's per-example numbers. */
  readonly sd: number | undefined
  /** Of the per-example differences of two models. */
  readonly differenceSd: number | undefined
  readonly positiveShare: number | undefined
  /** Of the metric of n examples, and of the difference of two models' metrics. */
  readonly standardError: number | undefined
  readonly differenceError: number | undefined
}

export interface FactsRequest {
  readonly metric: Metric
  readonly options: MetricOptions
  /** The model at hand as `candidate`, the other, where there is one, as `baseline`. */
  readonly pair: Pair
  readonly random: RandomSource
}

const LEVEL = 0.95

/** Reads from predictions at hand how much a metric varies. */
export function factsOf(request: FactsRequest): Facts {
  const { metric, options, pair } = request
  const { n, weights, clusters } = pair.candidate
  const plain = weights === undefined && clusters === undefined
  const lack = lackOf(metric, pair.candidate, options)
  const value = lack === undefined ? outcomeOf(metric, pair.candidate, options).value : undefined
  const none = {
    n,
    plain,
    value,
    discordance: undefined,
    sd: undefined,
    differenceSd: undefined,
    positiveShare: undefined,
    standardError: undefined,
    differenceError: undefined,
  }
  if (value === undefined) return none
  if (plain && (metric.kind === 'proportion' || metric.kind === 'mean')) {
    return { ...none, ...spreadOf(metric, pair, options) }
  }
  return {
    ...none,
    positiveShare: shareOfPositives(pair),
    standardError: errorOf(request, 'candidate'),
    differenceError: pair.baseline && errorOf(request, 'difference'),
  }
}

function spreadOf(
  metric: Extract<Metric, { kind: 'proportion' | 'mean' }>,
  pair: Pair,
  options: MetricOptions,
) {
  const numbers = (data: Pair['candidate']) => perRow(metric, data, options)
  const mine = numbers(pair.candidate)
  const theirs = pair.baseline && numbers(pair.baseline)
  const differences = theirs && mine.map((value, row) => value - (theirs[row] ?? 0))
  return {
    sd: deviationOf(mine),
    differenceSd: differences && deviationOf(differences),
    discordance:
      differences && metric.kind === 'proportion'
        ? differences.reduce((count, one) => count + (one === 0 ? 0 : 1), 0) / differences.length
        : undefined,
  }
}

function deviationOf(values: Float64Array): number | undefined {
  const estimate = estimateMean(values)
  return estimate && estimate.standardError * Math.sqrt(values.length)
}

function shareOfPositives({ candidate }: Pair): number | undefined {
  const { labels, positive, n } = candidate
  if (positive === undefined || n === 0) return undefined
  return labels.reduce((count, label) => count + (label === positive ? 1 : 0), 0) / n
}

/** Half of the metric's own interval, in normal standard errors. */
function errorOf(
  { metric, options, pair, random }: FactsRequest,
  of: 'candidate' | 'difference',
): number | undefined {
  const { evidence } = measure({ metric, options, pair, of, level: LEVEL, random }).finding
  if (evidence === undefined) return undefined
  const { low, high } = evidence.interval
  return (high - low) / 2 / normalMultiplier(LEVEL)
}
