import { createBinomialEProcess, rateInterval } from '../../stats/binomial-e-process.js'
import type { ArmCounts } from '../../stats/interval-counts.js'
import { finite } from '../analysis.js'
import { evidenceOf, judged, type Levels, sumCounts } from '../evidence.js'
import type { DisagreementMetric } from '../policy.js'
import type { RowEvidence } from './row.js'

export interface DisagreementState {
  readonly kind: 'disagreement'
  readonly above: readonly number[]
  readonly below: readonly number[]
  readonly counts: ArmCounts
}

/** How often the two versions answer the same request differently, against the share that is acceptable. */
export function createDisagreementRow(
  metric: DisagreementMetric,
  levels: Levels,
  state?: DisagreementState,
): RowEvidence {
  const rate = metric.atMost
  const above = createBinomialEProcess({ rate, direction: 'above', state: state?.above })
  const below = createBinomialEProcess({ rate, direction: 'below', state: state?.below })
  let counts = state?.counts ?? { n: 0, events: 0 }
  return {
    update({ mirror }) {
      const more = { n: mirror.agree + mirror.disagree, events: mirror.disagree }
      above.update(more)
      below.update(more)
      counts = sumCounts([counts, more])
    },
    look() {
      const evidence = evidenceOf(metric, null, {
        harm: () => above.logEValue(),
        good: () => below.logEValue(),
      })
      const { estimate, low, high } = rateInterval(counts, levels.alpha)
      return {
        metric: metric.metric,
        slice: null,
        method: 'binomial-mixture',
        of: 'rate',
        estimate: finite(estimate),
        low,
        high,
        ...judged(evidence, levels),
        canary: counts,
        stable: { n: counts.n, events: 0 },
      }
    },
    get state() {
      return { kind: 'disagreement' as const, above: above.state, below: below.state, counts }
    },
  }
}
