import { createBinomialEProcess } from '../../stats/binomial-e-process.js'
import type { ArmCounts, IntervalCounts } from '../../stats/interval-counts.js'
import { logMeanExp } from '../../stats/log-mean-exp.js'
import type { RateMixture } from '../policy.js'
import { createGuardedEvidence, type GuardedState } from './guarded-evidence.js'

export interface GoodState {
  readonly ratio: GuardedState
  /** Against the rate that is good enough by itself. */
  readonly below: readonly number[] | null
}

export interface GoodEvidence {
  update(counts: IntervalCounts): void
  /** Log e-value; `stable` is what stable has done so far. */
  logEValue(isNoisy: boolean, stable: ArmCounts): number
  readonly state: GoodState
}

export interface GoodHypothesis {
  readonly mixture: RateMixture
  readonly margin: number
  /** A rate that is good enough by itself. */
  readonly atMost: number | undefined
}

/** Evidence against "worse by the margin, and above the rate that is good enough by itself". */
export function createGoodEvidence(
  { mixture, margin, atMost }: GoodHypothesis,
  state?: GoodState,
): GoodEvidence {
  const hypothesis = { ratio: 1 + margin, direction: 'decrease' } as const
  const ratio = createGuardedEvidence(mixture, hypothesis, state?.ratio)
  const below =
    atMost === undefined
      ? undefined
      : createBinomialEProcess({
          rate: atMost,
          direction: 'below',
          state: state?.below ?? undefined,
        })
  return {
    update(counts) {
      ratio.update(counts)
      below?.update(counts.canary)
    },
    logEValue(isNoisy, stable) {
      const relative = canBeWorse(stable, margin) ? ratio.logEValue(isNoisy) : NO_EVIDENCE
      // The conjunction is refuted by either of its parts: the mean of e-values is one.
      return below === undefined ? relative : logMeanExp([relative, below.logEValue()])
    },
    get state() {
      return { ratio: ratio.state, below: below?.state ?? null }
    },
  }
}

/** Logarithm of an e-value of 1. */
const NO_EVIDENCE = 0

/**
 * Whether a canary could be worse than stable by the margin at all. Where stable's own rate leaves no room (nine of ten
 * predictions wrong, since labels are written in another way), not to be worse would show nothing.
 */
function canBeWorse({ n, events }: ArmCounts, margin: number): boolean {
  return events * (1 + margin) < n
}
