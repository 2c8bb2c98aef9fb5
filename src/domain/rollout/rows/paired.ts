import { createBinomialEProcess, rateInterval } from '../../stats/binomial-e-process.js'
import type { ArmCounts } from '../../stats/interval-counts.js'
import { logMeanExp } from '../../stats/log-mean-exp.js'
import { createSignEProcess, type DiscordantPairs } from '../../stats/sign-e-process.js'
import { finite } from '../analysis.js'
import { evidenceOf, judged, type Levels } from '../evidence.js'
import type { Interval } from '../observation.js'
import type { RatioMetric } from '../policy.js'
import type { RowEvidence } from './row.js'

/** The discordant pairs so far: all that the test needs. */
export interface PairState extends DiscordantPairs {
  readonly kind: 'pairs'
  /** Against the rate that is good enough by itself. */
  readonly below?: readonly number[] | undefined
}

export interface PairRow {
  readonly metric: RatioMetric
  readonly slice: string | null
  readonly levels: Levels
  readonly pairsOf: (interval: Interval) => readonly DiscordantPairs[]
  /** A rate of failures, of requests that stable answers, that is good enough by itself: where nothing fails no pair is discordant. */
  readonly atMost?: number | undefined
}

const NONE: PairState = { kind: 'pairs', canaryOnly: 0, stableOnly: 0 }

/** Paired evidence: of the requests where just one version failed, how many were the canary's. */
export function createPairRow(
  { metric, slice, levels, pairsOf, atMost }: PairRow,
  state: PairState = NONE,
): RowEvidence {
  let { canaryOnly, stableOnly } = createSignEProcess({ state }).state
  const below =
    atMost === undefined
      ? undefined
      : createBinomialEProcess({ rate: atMost, direction: 'below', state: state.below })
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
      below?.update(answeredByStable(interval))
    },
    look() {
      const n = canaryOnly + stableOnly
      const evidence = evidenceOf(metric, slice, {
        harm: () => run('canary-worse', 1 + metric.tolerance),
        good: () => {
          const relative = run('canary-not-worse', 1 + metric.margin)
          // "Worse by the margin, and above the rate" is refuted by either of its parts: the mean of e-values is one.
          return below === undefined ? relative : logMeanExp([relative, below.logEValue()])
        },
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
      const found = { kind: 'pairs' as const, canaryOnly, stableOnly }
      return below === undefined ? found : { ...found, below: below.state }
    },
  }
}

/** Of what stable answered, what the canary did not. */
function answeredByStable({ mirror }: Interval): ArmCounts {
  const events = mirror.canaryOnlyErrors
  return { n: mirror.agree + mirror.disagree + events, events }
}
