import type { ArmCounts } from '../../stats/interval-counts.js'
import {
  createMeanNormalMixture,
  type MeanInterval,
  type NormalMixtureState,
} from '../../stats/stratified-normal-mixture.js'
import { bound, finite } from '../analysis.js'
import { evidenceOf, judged, type Levels, sumCounts } from '../evidence.js'
import type { Interval } from '../observation.js'
import type { LatencyMetric } from '../policy.js'
import type { RowEvidence } from './row.js'

export interface LogLatencyState {
  readonly kind: 'log-latency'
  readonly harm: NormalMixtureState
  readonly good: NormalMixtureState
  readonly canary: ArmCounts
  readonly stable: ArmCounts
}

const NO_REQUEST: ArmCounts = { n: 0, events: 0 }

/**
 * Mean of log-latency from single answers: the ratio of geometric means, against (1 + tolerance) for harm and (1 + margin) for
 * good. Intervals without the times of single answers say nothing. `canary` and `stable` of the row count the answers.
 */
export function createLogLatencyRow(
  metric: LatencyMetric,
  levels: Levels,
  state?: LogLatencyState,
): RowEvidence {
  const harm = createMeanNormalMixture({
    difference: Math.log1p(metric.tolerance),
    direction: 'increase',
    state: state?.harm,
  })
  const good = createMeanNormalMixture({
    difference: Math.log1p(metric.margin),
    direction: 'decrease',
    state: state?.good,
  })
  let canary = state?.canary ?? NO_REQUEST
  let stable = state?.stable ?? NO_REQUEST
  return {
    update(interval) {
      const times = timesOf(interval)
      if (times === undefined) return
      harm.update(times)
      good.update(times)
      canary = sumCounts([canary, { n: times.canary.n, events: 0 }])
      stable = sumCounts([stable, { n: times.stable.n, events: 0 }])
    },
    look() {
      const evidence = evidenceOf(metric, null, {
        harm: () => harm.logEValue(),
        good: () => good.logEValue(),
      })
      const interval = harm.interval(levels.alpha)
      const ratio = (shift: number | undefined) =>
        shift === undefined ? undefined : Math.exp(shift) * (1 + metric.tolerance)
      return {
        metric: metric.metric,
        slice: null,
        method: 'log-mean-normal-mixture',
        of: 'ratio',
        estimate: finite(ratio(interval?.estimate)),
        low: bound(ratio(interval?.low)),
        high: bound(ratio(interval?.high)),
        ...judged(evidence, levels),
        canary,
        stable,
      }
    },
    get state() {
      return { kind: 'log-latency' as const, harm: harm.state, good: good.state, canary, stable }
    },
  }
}

function timesOf({ logLatency }: Interval): MeanInterval | undefined {
  if (logLatency === undefined) return undefined
  return logLatency.canary.n === 0 && logLatency.stable.n === 0 ? undefined : logLatency
}
