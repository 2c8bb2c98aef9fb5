import type { ArmCounts, IntervalCounts } from '../stats/interval-counts.js'
import { createIntervalEvidence } from '../stats/interval-evidence.js'
import { createOverdispersion } from '../stats/overdispersion.js'
import type { RateHypothesis } from '../stats/rate-e-process.js'
import { type AnalysisStatus, finite } from './analysis.js'
import type { MetricPolicy } from './policy.js'

/** How much evidence decides, in e-values. */
export interface Levels {
  readonly alpha: number
  readonly rollbackAt: number
  readonly promoteAt: number
}

export interface Evidence {
  /** Log e-values; undefined where the metric has not that role. */
  readonly harm: number | undefined
  readonly good: number | undefined
}

/** Slices guard; only the whole must be shown good. */
export function evidenceOf(
  metric: MetricPolicy,
  slice: string | null,
  run: { readonly harm: () => number; readonly good: () => number },
): Evidence {
  return {
    harm: metric.role === 'promote' ? undefined : run.harm(),
    good: metric.role === 'guard' || slice !== null ? undefined : run.good(),
  }
}

/** The e-values as a row has them, and what they say. */
export function judged({ harm, good }: Evidence, levels: Levels) {
  let status: AnalysisStatus = 'continue'
  if (harm !== undefined && harm >= Math.log(levels.rollbackAt)) status = 'rollback'
  else if (good !== undefined && good >= Math.log(levels.promoteAt)) status = 'promote'
  return {
    eValue: harm === undefined ? null : finite(Math.exp(harm)),
    threshold: harm === undefined ? null : levels.rollbackAt,
    promotionEValue: good === undefined ? null : finite(Math.exp(good)),
    promotionThreshold: good === undefined ? null : levels.promoteAt,
    status,
  }
}

/** One arm's counts over all intervals: to be shown, never to be tested. */
export function total(
  intervals: readonly IntervalCounts[],
  arm: (interval: IntervalCounts) => ArmCounts,
): ArmCounts {
  return sumCounts(intervals.map(arm))
}

export function sumCounts(counts: readonly ArmCounts[]): ArmCounts {
  let n = 0
  let events = 0
  for (const count of counts) {
    n += count.n
    events += count.events
  }
  return { n, events }
}

/** From here on the requests of an interval do not fail by themselves: docs/decisions/0013. */
const NOISY = 1.3
/** Of fewer intervals with events nothing is known about their noise. */
const LEAST_INTERVALS = 6

/** Whether the canary's share of the events varies more between intervals than that of requests would. */
export function isNoisy(intervals: readonly IntervalCounts[]): boolean {
  const dispersion = createOverdispersion()
  for (const interval of intervals) dispersion.update(interval)
  return dispersion.state.intervals >= LEAST_INTERVALS && (dispersion.phi() ?? 0) > NOISY
}

/** Log evidence that counts intervals, not requests. */
export function intervalEvidence(
  intervals: readonly IntervalCounts[],
  hypothesis: RateHypothesis,
): number {
  const process = createIntervalEvidence(hypothesis)
  for (const interval of intervals) process.update(interval)
  return process.logEValue()
}
