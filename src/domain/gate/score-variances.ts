import type { MetricOptions } from '../metrics/data.js'
import type { Metric } from '../metrics/metric.js'
import { perRow } from '../metrics/value.js'
import { tangoScore } from '../stats/tango.js'
import type { Contrast } from './evidence.js'
import type { Pair } from './examples.js'
import type { ScoreVariances } from './needed-examples.js'

export interface ScoreQuestion {
  readonly metric: Metric
  readonly options: MetricOptions
  readonly pair: Pair
  readonly of: Contrast
}

/**
 * The variances that Wilson's and Tango's intervals rest on: of a share p (1 - p); of a difference of shares on the same examples that
 * of the restricted estimate at the bound. Undefined where neither interval is the one in use.
 */
export function scoreVariances(
  question: ScoreQuestion,
): ((end: number) => ScoreVariances) | undefined {
  const { metric, options, pair, of } = question
  const { weights, clusters, n } = pair.candidate
  const plain = weights === undefined && clusters === undefined && pair.unpaired !== true
  if (metric.kind !== 'proportion' || !plain || n === 0) return undefined
  const mine = perRow(metric, pair.candidate, options)
  if (of === 'candidate') {
    const share = mine.reduce((sum, hit) => sum + hit, 0) / n
    const variance = (p: number) => p * (1 - p)
    return (end) => ({ atBound: variance(end), atEstimate: variance(share) })
  }
  if (of !== 'difference' || pair.baseline === undefined) return undefined
  const theirs = perRow(metric, pair.baseline, options)
  return pairedVariances(mine, theirs)
}

function pairedVariances(
  mine: Float64Array,
  theirs: Float64Array,
): (end: number) => ScoreVariances {
  const n = mine.length
  let candidateOnly = 0
  let baselineOnly = 0
  for (let row = 0; row < n; row++) {
    const difference = (mine[row] ?? 0) - (theirs[row] ?? 0)
    if (difference > 0) candidateOnly++
    if (difference < 0) baselineOnly++
  }
  const difference = (candidateOnly - baselineOnly) / n
  const atEstimate = (candidateOnly + baselineOnly) / n - difference ** 2
  return (end) => {
    const score = tangoScore({ candidateOnly, baselineOnly, n }, end)
    // The score is the excess in standard deviations at the bound.
    const deviation = (n * (difference - end)) / score
    return { atBound: deviation ** 2 / n, atEstimate }
  }
}
