import type { MetricOptions } from '../metrics/data.js'
import type { Metric } from '../metrics/metric.js'
import type { Contrast } from './evidence.js'
import type { Pair } from './examples.js'
import type { ScoreVariances } from './needed-examples.js'
import { scoreVariances } from './score-variances.js'

/** What a check rests on, in a few numbers: the examples themselves are not kept until all checks are measured. */
export interface Resting {
  /** Undefined where each example varies by itself. */
  readonly clusters: number | undefined
  readonly weighted: boolean
  /** Unpaired: how many examples of its own the baseline has. */
  readonly ofBaseline: number | undefined
  /** The groups that a fairness metric compares, and their sizes. */
  readonly groups: readonly { readonly name: string; readonly size: number }[] | undefined
  /** See `scoreVariances`. */
  readonly variancesAt: ((end: number) => ScoreVariances) | undefined
}

export interface RestingQuestion {
  readonly metric: Metric
  readonly options: MetricOptions
  readonly of: Contrast
}

export function restingOf(pair: Pair, { metric, options, of }: RestingQuestion): Resting {
  const { clusters, weights, predictions, values } = pair.candidate
  const readable = metric.needs.includes('prediction') ? predictions : values
  return {
    clusters: clusters && countCodes(clusters),
    weighted: weights !== undefined,
    ofBaseline: pair.unpaired === true ? (pair.baseline?.n ?? 0) : undefined,
    groups: groupsOf(pair),
    variancesAt: readable && scoreVariances({ metric, options, pair, of }),
  }
}

function groupsOf(pair: Pair): Resting['groups'] {
  const { groups } = pair.candidate
  if (groups === undefined) return undefined
  const sizes = new Int32Array(groups.names.length)
  for (const code of groups.codes) if (code >= 0) sizes[code] = (sizes[code] ?? 0) + 1
  return groups.names.flatMap((name, code) => {
    const size = sizes[code] ?? 0
    return size === 0 ? [] : [{ name, size }]
  })
}

/** Clusters are numbered from 0 on. */
export function countCodes(codes: Int32Array): number {
  let largest = -1
  for (const code of codes) if (code > largest) largest = code
  return largest + 1
}
