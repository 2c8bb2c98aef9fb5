import { rateInterval } from '../../stats/binomial-e-process.js'
import { createSignEProcess, type DiscordantPairs } from '../../stats/sign-e-process.js'
import { finite } from '../analysis.js'
import { evidenceOf, judged, type Levels } from '../evidence.js'
import type { Interval } from '../observation.js'
import type { RatioMetric } from '../policy.js'
import type { RowEvidence } from './row.js'

/** The discordant pairs so far: all that the test needs. */
export interface PairState extends DiscordantPairs {
  readonly kind: 'pairs'
}

export interface PairRow {
  readonly metric: RatioMetric
  readonly slice: string | null
  readonly levels: Levels
  readonly pairsOf: (interval: Interval) => readonly DiscordantPairs[]
}

const NONE: PairState = { kind: 'pairs', canaryOnly: 0, stableOnly: 0 }

/** Paired evidence: of the requests where just one version failed, how many were the canary's. */
export function createPairRow(
  { metric, slice, levels, pairsOf }: PairRow,
  state: PairState = NONE,
): RowEvidence {
  let { canaryOnly, stableOnly } = createSignEProcess({ state }).state
  const run = (direction: 'canary-worse' | 'canary-not-worse', ratio: number) =>
    createSignEProcess({
      direction,
      share: ratio / (1 + ratio),
      state: { canaryOnly, stableOnly },
    }).logEValue()
  return {
    update(interval) {
      for (const pairs of pairsOf(interval)) {
        canaryOnly += pairs.canaryOnly
        stableOnly += pairs.stableOnly
      }
    },
    look() {
      const n = canaryOnly + stableOnly
      const evidence = evidenceOf(metric, slice, {
        harm: () => run('canary-worse', 1 + metric.tolerance),
        good: () => run('canary-not-worse', 1 + metric.margin),
      })
      const { estimate, low, high } = rateInterval({ n, events: canaryOnly }, levels.alpha)
      return {
        metric: metric.metric,
        slice,
        method: 'sequential-mcnemar',
        of: 'share',
        estimate: finite(estimate),
        low,
        high,
        ...judged(evidence, levels),
        canary: { n, events: canaryOnly },
        stable: { n, events: stableOnly },
      }
    },
    get state() {
      return { kind: 'pairs' as const, canaryOnly, stableOnly }
    },
  }
}
