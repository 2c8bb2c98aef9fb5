import { type Draft, optionsOf } from './draft.js'
import { neededExamples } from './needed-examples.js'
import { scoreVariances } from './score-variances.js'

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
  const { check, measurement, pair } = draft
  const interval = measurement?.finding.evidence?.interval
  if (measurement === undefined || interval === undefined || estimate === undefined)
    return undefined
  const clusters = pair?.candidate.clusters
  const now = clusters === undefined ? measurement.n : countCodes(clusters)
  const { asks, bound, rule } = check
  const variancesAt =
    asks.of === 'examples' && pair !== undefined
      ? scoreVariances({ metric: asks.metric, options: optionsOf(rule), pair, of: bound.of })
      : undefined
  const needed = neededExamples({ n: now, estimate, interval, bound, variancesAt })
  return { needed, now, unit: unitOf(draft) }
}

function unitOf({ pair, check }: Draft): Settling['unit'] {
  if (check.asks.of === 'point') return 'folds'
  return pair?.candidate.clusters === undefined ? 'examples' : 'clusters'
}

/** Clusters are numbered from 0 on. */
export function countCodes(codes: Int32Array): number {
  let largest = -1
  for (const code of codes) if (code > largest) largest = code
  return largest + 1
}
