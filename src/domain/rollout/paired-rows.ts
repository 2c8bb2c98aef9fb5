import { createBinomialEProcess, rateInterval } from '../stats/binomial-e-process.js'
import { createSignEProcess, type DiscordantPairs } from '../stats/sign-e-process.js'
import { type AnalysisRow, finite } from './analysis.js'
import { evidenceOf, judged, type Levels, sumCounts } from './evidence.js'
import type { Interval } from './observation.js'
import type { DisagreementMetric, MetricPolicy } from './policy.js'

export type RatioMetric = Exclude<MetricPolicy, DisagreementMetric>

interface PairLook {
  readonly metric: RatioMetric
  readonly slice: string | null
  readonly pairs: readonly DiscordantPairs[]
  readonly levels: Levels
}

/** One row of paired evidence: of the requests where just one version failed, how many were the canary's. */
export function pairRow({ metric, slice, pairs, levels }: PairLook): AnalysisRow {
  const run = (direction: 'canary-worse' | 'canary-not-worse', ratio: number) => {
    const process = createSignEProcess({ direction, share: ratio / (1 + ratio) })
    for (const pair of pairs) process.update(pair)
    return process.logEValue()
  }
  let canaryOnly = 0
  let stableOnly = 0
  for (const pair of pairs) {
    canaryOnly += pair.canaryOnly
    stableOnly += pair.stableOnly
  }
  const n = canaryOnly + stableOnly
  const evidence = evidenceOf(metric, slice, {
    harm: () => run('canary-worse', 1 + metric.tolerance),
    good: () => run('canary-not-worse', 1 + metric.margin),
  })
  const interval = rateInterval({ n, events: canaryOnly }, levels.alpha)
  return {
    metric: metric.metric,
    slice,
    method: 'sequential-mcnemar',
    of: 'share',
    estimate: finite(interval.estimate),
    low: interval.low,
    high: interval.high,
    ...judged(evidence, levels),
    canary: { n, events: canaryOnly },
    stable: { n, events: stableOnly },
  }
}

/** How often the two versions answer the same request differently, against the share that is acceptable. */
export function disagreementRow(
  metric: DisagreementMetric,
  history: readonly Interval[],
  levels: Levels,
): AnalysisRow {
  const counts = history.map(({ mirror }) => ({
    n: mirror.agree + mirror.disagree,
    events: mirror.disagree,
  }))
  const run = (direction: 'above' | 'below') => {
    const process = createBinomialEProcess({ rate: metric.atMost, direction })
    for (const count of counts) process.update(count)
    return process.logEValue()
  }
  const evidence = evidenceOf(metric, null, { harm: () => run('above'), good: () => run('below') })
  const sum = sumCounts(counts)
  const interval = rateInterval(sum, levels.alpha)
  return {
    metric: metric.metric,
    slice: null,
    method: 'binomial-mixture',
    of: 'rate',
    estimate: finite(interval.estimate),
    low: interval.low,
    high: interval.high,
    ...judged(evidence, levels),
    canary: sum,
    stable: { n: sum.n, events: 0 },
  }
}
