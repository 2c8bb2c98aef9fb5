import type { Draft } from './draft.js'
import { neededExamples } from './needed-examples.js'

/** What would settle an inconclusive check. */
export interface Settling {
  /** About how many units it takes; undefined where no realistic number would do. */
  readonly needed: number | undefined
  /** How many there are now. */
  readonly now: number
  readonly unit: 'examples' | 'clusters' | 'folds'
}

/** How many examples (clusters, where those are what varies) would settle a check, if the estimate stayed as it is. */
export function settlingOf(draft: Draft, estimate: number | undefined): Settling | undefined {
  const { check, measurement, resting } = draft
  const interval = measurement?.finding.evidence?.interval
  if (measurement === undefined || interval === undefined || estimate === undefined)
    return undefined
  const now = resting?.clusters ?? measurement.n
  const { bound } = check
  const variancesAt = resting?.variancesAt
  const needed = neededExamples({ n: now, estimate, interval, bound, variancesAt })
  return { needed, now, unit: unitOf(draft) }
}

function unitOf({ resting, check }: Draft): Settling['unit'] {
  if (check.asks.of === 'point') return 'folds'
  return resting?.clusters === undefined ? 'examples' : 'clusters'
}
