import { createBinomialEProcess } from '../stats/binomial-e-process.js'
import type { IntervalCounts } from '../stats/interval-counts.js'
import { logMeanExp } from '../stats/log-mean-exp.js'
import { createRateEProcess, type RateHypothesis } from '../stats/rate-e-process.js'
import { rateRatioInterval } from '../stats/rate-ratio-interval.js'
import type { DiscordantPairs } from '../stats/sign-e-process.js'
import { createRateNormalMixture } from '../stats/stratified-normal-mixture.js'
import { type AnalysisRow, bound, finite } from './analysis.js'
import { combineByMean } from './combine.js'
import { evidenceOf, intervalEvidence, isNoisy, judged, type Levels, total } from './evidence.js'
import { type Interval, slowerThan } from './observation.js'
import { disagreementRow, pairRow, type RatioMetric } from './paired-rows.js'
import type { MetricPolicy, QualityMetric, RolloutPolicy } from './policy.js'

/** How many tests may each roll back: alpha is shared among them. */
export function countGuards(policy: RolloutPolicy): number {
  let guards = 0
  for (const metric of policy.metrics) {
    if (metric.role === 'promote') continue
    guards += metric.metric === 'quality' ? 1 + metric.slices.length : 1
  }
  return guards
}

/** One row a metric and slice over all intervals so far; never pools counts over intervals. */
export function analyse(policy: RolloutPolicy, history: readonly Interval[]): AnalysisRow[] {
  const levels = {
    alpha: policy.alpha,
    rollbackAt: Math.max(1, countGuards(policy)) / policy.alpha,
    promoteAt: 1 / policy.alpha,
  }
  // Where both versions answer every request, each request judges both: far fewer of them are needed.
  const paired = policy.mode === 'shadow' || policy.mirror >= 100
  const rows = policy.metrics.flatMap((metric) =>
    rowsOf({ metric, mode: policy.mode, paired, history, levels }),
  )
  return policy.combine === 'mean' ? combineByMean(rows, policy.alpha) : rows
}

interface MetricLook {
  readonly metric: MetricPolicy
  readonly mode: RolloutPolicy['mode']
  /** Whether both versions answer all requests. */
  readonly paired: boolean
  readonly history: readonly Interval[]
  readonly levels: Levels
}

function rowsOf({ metric, mode, paired, history, levels }: MetricLook): AnalysisRow[] {
  switch (metric.metric) {
    case 'error-rate': {
      if (mode === 'shadow')
        return [pairRow({ metric, slice: null, pairs: errorPairs(history), levels })]
      const intervals = history.map((interval) => armPair(interval, (arm) => arm.errors))
      return [ratioRow({ metric, slice: null, intervals, levels, atMost: metric.atMost })]
    }
    case 'latency': {
      const intervals = history.map((interval) => slowPair(interval, metric.overMilliseconds))
      return [ratioRow({ metric, slice: null, intervals, levels })]
    }
    case 'quality':
      return [undefined, ...metric.slices].map((slice) =>
        qualityRow({ metric, slice, paired, history, levels }),
      )
    case 'disagreement':
      return [disagreementRow(metric, history, levels)]
  }
}

function armPair(
  interval: Interval,
  eventsOf: (arm: Interval['canary']) => number,
): IntervalCounts {
  const { canary, stable } = interval
  return {
    canary: { n: canary.requests, events: eventsOf(canary) },
    stable: { n: stable.requests, events: eventsOf(stable) },
  }
}

/** Of the requests whose time is known: a histogram may know fewer than were finished. */
function slowPair(
  { canary, stable, latencyBounds }: Interval,
  milliseconds: number,
): IntervalCounts {
  const counts = (arm: Interval['canary']) => ({
    n: arm.latency.reduce((sum, count) => sum + count, 0),
    events: slowerThan(arm, latencyBounds, milliseconds),
  })
  return { canary: counts(canary), stable: counts(stable) }
}

function errorPairs(history: readonly Interval[]): DiscordantPairs[] {
  return history.map(({ mirror }) => ({
    canaryOnly: mirror.canaryOnlyErrors,
    stableOnly: mirror.stableOnlyErrors,
  }))
}

interface RatioLook {
  readonly metric: RatioMetric
  readonly slice: string | null
  readonly intervals: readonly IntervalCounts[]
  readonly levels: Levels
  readonly atMost?: number | undefined
}

function ratioRow({ metric, slice, intervals, levels, atMost }: RatioLook): AnalysisRow {
  const make = metric.method === 'e-process' ? createRateEProcess : createRateNormalMixture
  const run = (hypothesis: RateHypothesis) => {
    const process = make(hypothesis)
    for (const interval of intervals) process.update(interval)
    return process.logEValue()
  }
  const noisy = isNoisy(intervals)
  // Where intervals differ by more than chance, requests do not speak for themselves, neither for harm nor for good.
  const guarded = (hypothesis: RateHypothesis) => {
    const requests = run(hypothesis)
    return noisy ? Math.min(requests, intervalEvidence(intervals, hypothesis)) : requests
  }
  const evidence = evidenceOf(metric, slice, {
    harm: () => guarded({ ratio: 1 + metric.tolerance, direction: 'increase' }),
    good: () => {
      const ratio = canBeWorse(intervals, metric.margin)
        ? guarded({ ratio: 1 + metric.margin, direction: 'decrease' })
        : NO_EVIDENCE
      // "Worse by the margin, and above the rate" is refuted by either: the mean of e-values is one.
      return atMost === undefined ? ratio : logMeanExp([ratio, belowRate(intervals, atMost)])
    },
  })
  return {
    metric: metric.metric,
    slice,
    method: methodName(metric, noisy),
    ...effect(metric, intervals, levels.alpha),
    ...judged(evidence, levels),
    canary: total(intervals, (interval) => interval.canary),
    stable: total(intervals, (interval) => interval.stable),
  }
}

/** Which evidence a decision rests on: where the intervals are noisy, it needs both kinds. */
function methodName(metric: RatioMetric, noisy: boolean): string {
  const method =
    metric.method === 'e-process' ? 'conditional-binomial-mixture' : 'stratified-normal-mixture'
  return noisy ? `${method}+interval-mixture` : method
}

/** Logarithm of an e-value of 1. */
const NO_EVIDENCE = 0

/**
 * Whether a canary could be worse than stable by the margin at all. Where stable's own rate leaves no room (nine of ten
 * predictions wrong, since labels are written in another way), not to be worse would show nothing.
 */
function canBeWorse(intervals: readonly IntervalCounts[], margin: number): boolean {
  const { n, events } = total(intervals, (interval) => interval.stable)
  return events * (1 + margin) < n
}

/** Log evidence that the canary's rate is below a bound. */
function belowRate(intervals: readonly IntervalCounts[], rate: number): number {
  const process = createBinomialEProcess({ rate, direction: 'below' })
  for (const { canary } of intervals) process.update(canary)
  return process.logEValue()
}

function effect(metric: RatioMetric, intervals: readonly IntervalCounts[], alpha: number) {
  if (metric.method === 'e-process') {
    const { estimate, low, high } = rateRatioInterval(intervals, alpha)
    return { of: 'ratio' as const, estimate: finite(estimate), low, high: bound(high) }
  }
  const mixture = createRateNormalMixture({ ratio: 1, direction: 'increase' })
  for (const interval of intervals) mixture.update(interval)
  const difference = mixture.interval(alpha)
  return {
    of: 'difference' as const,
    estimate: finite(difference?.estimate),
    low: bound(difference?.low),
    high: bound(difference?.high),
  }
}

interface QualityLook {
  readonly metric: QualityMetric
  readonly slice: string | undefined
  readonly paired: boolean
  readonly history: readonly Interval[]
  readonly levels: Levels
}

function qualityRow({ metric, slice, paired, history, levels }: QualityLook): AnalysisRow {
  const found = history.flatMap((interval) =>
    interval.quality.filter((quality) => quality.slice === slice),
  )
  const name = slice ?? null
  if (paired) {
    return pairRow({ metric, slice: name, pairs: found.map(({ pairs }) => pairs), levels })
  }
  return ratioRow({ metric, slice: name, intervals: found.map(({ counts }) => counts), levels })
}
