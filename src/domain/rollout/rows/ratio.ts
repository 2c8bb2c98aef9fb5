import type { ArmCounts, IntervalCounts } from '../../stats/interval-counts.js'
import { createOverdispersion, type OverdispersionState } from '../../stats/overdispersion.js'
import type { AnalysisRow } from '../analysis.js'
import { evidenceOf, judged, type Levels, noiseOf, sumCounts } from '../evidence.js'
import type { Interval } from '../observation.js'
import type { RateMixture, RatioMetric } from '../policy.js'
import { createEffect, type EffectState } from './effect.js'
import { createGoodEvidence, type GoodState } from './good-evidence.js'
import { createHarmTest, type HarmState } from './harm-test.js'
import type { RowEvidence } from './row.js'

export interface RatioState {
  readonly kind: 'ratio'
  readonly harm: HarmState
  readonly good: GoodState
  readonly noise: OverdispersionState
  readonly effect: EffectState
  readonly canary: ArmCounts
  readonly stable: ArmCounts
}

export interface RatioRow {
  readonly metric: RatioMetric
  readonly slice: string | null
  readonly levels: Levels
  readonly countsOf: (interval: Interval) => readonly IntervalCounts[]
  /** A rate that is good enough by itself. */
  readonly atMost?: number | undefined
}

const NO_REQUEST: ArmCounts = { n: 0, events: 0 }

/** The ratio of two rates of events; counts are never pooled over intervals but to be shown. */
export function createRatioRow(options: RatioRow, state?: RatioState): RowEvidence {
  const { metric, slice, levels, atMost } = options
  const mixture = mixtureOf(metric)
  const harm = createHarmTest(metric, levels, state?.harm)
  const good = createGoodEvidence({ mixture, margin: metric.margin, atMost }, state?.good)
  const noise = createOverdispersion(state?.noise)
  const effect = createEffect(mixture, state?.effect)
  let canary = state?.canary ?? NO_REQUEST
  let stable = state?.stable ?? NO_REQUEST

  return {
    update(interval) {
      for (const counts of options.countsOf(interval)) {
        harm.update(counts, interval)
        good.update(counts)
        noise.update(counts)
        effect.update(counts)
        canary = sumCounts([canary, counts.canary])
        stable = sumCounts([stable, counts.stable])
      }
    },
    look(): AnalysisRow {
      const found = noiseOf(noise)
      const verdict = harm.verdict(found)
      const evidence = evidenceOf(metric, slice, {
        harm: () => verdict.logEValue,
        good: () => good.logEValue(found.isNoisy, stable),
      })
      return {
        metric: metric.metric,
        slice,
        // Which evidence a decision rests on: where the intervals are noisy, it needs both kinds.
        method: found.isNoisy ? `${harm.name}+interval-mixture` : harm.name,
        ...effect.of(levels.alpha, found.isNoisy ? found.phi : 1),
        ...judged(evidence, levels, metric.role === 'promote' ? undefined : verdict.statistic),
        canary,
        stable,
      }
    },
    get state() {
      return {
        kind: 'ratio' as const,
        harm: harm.state,
        good: good.state,
        noise: noise.state,
        effect: effect.state,
        canary,
        stable,
      }
    },
  }
}

/** What shows that the canary is good, whatever looks for harm. */
function mixtureOf(metric: RatioMetric): RateMixture {
  if (metric.method === 'e-process' || metric.method === 'normal-mixture') return metric.method
  return metric.metric === 'quality' ? 'normal-mixture' : 'e-process'
}
