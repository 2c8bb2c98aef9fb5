import { createBinomialEProcess, rateInterval } from '../../stats/binomial-e-process.js'
import type { ArmCounts, IntervalCounts } from '../../stats/interval-counts.js'
import { finite } from '../analysis.js'
import { evidenceOf, judged, type Levels, sumCounts } from '../evidence.js'
import type { Interval } from '../observation.js'
import type { RatioMetric } from '../policy.js'
import type { RowEvidence } from './row.js'

export interface SoakState {
  readonly kind: 'soak'
  /** What stable did while it had users. */
  readonly record: ArmCounts
  /** What the canary did since it has them all. */
  readonly counts: ArmCounts
  /** The rate that it must keep to; null until it has them all, and where stable's record says nothing. */
  readonly rate: number | null
  readonly above: readonly number[] | null
}

export interface SoakRow {
  readonly metric: RatioMetric
  readonly levels: Levels
  readonly countsOf: (interval: Interval) => readonly IntervalCounts[]
}

const NOTHING: SoakState = {
  kind: 'soak',
  record: { n: 0, events: 0 },
  counts: { n: 0, events: 0 },
  rate: null,
  above: null,
}
/** Rates beyond it leave no room for worse. */
const HIGHEST = 0.99

/**
 * The canary alone with all users against what stable did before: harm is a rate above (1 + margin) times the upper end of
 * stable's confidence sequence, by betting on every look. There is no stable beside it any more, so a trend that would have
 * met both counts as the canary's: the margin is there for it. Without a record of stable it finds nothing.
 */
export function createSoakRow({ metric, levels, countsOf }: SoakRow, state = NOTHING): RowEvidence {
  let { record, counts, rate } = state
  let process = processOf(rate, state.above)
  return {
    update(interval) {
      for (const found of countsOf(interval)) {
        if (interval.weight < 100) {
          record = sumCounts([record, found.stable])
          continue
        }
        if (rate === null) {
          rate = rateToKeep(record, metric.margin, levels)
          process = processOf(rate, null)
        }
        counts = sumCounts([counts, found.canary])
        process?.update(found.canary)
      }
    },
    look() {
      const evidence = evidenceOf(metric, null, {
        harm: () => process?.logEValue() ?? 0,
        good: () => undefined,
      })
      const { estimate, low, high } = rateInterval(counts, levels.alpha)
      return {
        metric: metric.metric,
        slice: null,
        method: 'soak-binomial-mixture',
        of: 'rate',
        estimate: finite(estimate),
        low,
        high,
        ...judged(evidence, levels),
        canary: counts,
        stable: record,
      }
    },
    get state() {
      return { kind: 'soak' as const, record, counts, rate, above: process?.state ?? null }
    },
  }
}

function processOf(rate: number | null, above: readonly number[] | null) {
  if (rate === null) return undefined
  return createBinomialEProcess({ rate, direction: 'above', state: above ?? undefined })
}

function rateToKeep(record: ArmCounts, margin: number, { rollbackAt }: Levels): number | null {
  if (record.n === 0) return null
  const { high } = rateInterval(record, 1 / rollbackAt)
  return Math.min(HIGHEST, (1 + margin) * high)
}
