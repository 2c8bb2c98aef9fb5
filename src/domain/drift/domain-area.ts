import { type CrossFitInput, crossFitAuc } from '../stats/cross-fit-auc.js'
import { intervalOfArea } from '../stats/delong.js'
import { tieEnd } from '../stats/placements.js'
import { keptOrder } from '../stats/sort-order.js'
import { normalSf } from '../stats/special/normal.js'

/** How well a classifier tells rows of the two samples apart. */
export interface DomainArea {
  /** Cross-fitted; 0.5 is chance. */
  readonly auc: number
  /** A 95% interval, cautious. */
  readonly low: number
  readonly high: number
  /** Standard errors above one half. */
  readonly statistic: number
  /** One-sided: that the area is over one half. */
  readonly pValue: number
}

const FOLDS = 5
const LEVEL = 0.95

/**
 * `crossFitAuc` over five folds with a one-sided p-value (a classifier two-sample test: Lopez-Paz & Oquab 2017, ICLR), for which the
 * variance is never taken to be less than that of ranks in random order: samples that are told apart perfectly have none of their own.
 * Undefined with too few rows.
 */
export function domainArea(input: Omit<CrossFitInput, 'folds' | 'level'>): DomainArea | undefined {
  const area = crossFitAuc({ ...input, folds: FOLDS, level: LEVEL })
  if (area === undefined) return undefined
  const own = area.standardError ** 2
  // Twice, for what folds share: see there.
  const chance = (2 * chanceVariance(input.labels, area)) / FOLDS ** 2
  const statistic = (area.auc - 0.5) / Math.sqrt(Math.max(own, chance))
  const { low, high } = intervalOfArea(area.auc, own, LEVEL)
  if (!Number.isFinite(statistic)) return { auc: area.auc, low, high, statistic: 0, pValue: 1 }
  return { auc: area.auc, low, high, statistic, pValue: normalSf(statistic) }
}

interface FoldScores {
  readonly scores: Float64Array
  readonly folds: Uint8Array
}

/** The sum over folds of the variance of an area of ranks in random order, with ties (Mann & Whitney 1947; Hemelrijk 1952). */
function chanceVariance(labels: Uint8Array, { scores, folds }: FoldScores): number {
  let sum = 0
  for (let fold = 0; fold < FOLDS; fold++) {
    const own = scores.filter((_, row) => folds[row] === fold)
    const positives = labels.filter((label, row) => label === 1 && folds[row] === fold).length
    const negatives = own.length - positives
    const n = own.length
    const ties = 1 - tieSum(own) / (n ** 3 - n)
    sum += ((n + 1) / (12 * positives * negatives)) * ties
  }
  return sum
}

/** The sum of t^3 - t over runs of t equal scores. */
function tieSum(scores: Float64Array): number {
  const order = keptOrder(scores)
  let sum = 0
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(order, scores, start)
    sum += (end - start) ** 3 - (end - start)
    start = end
  }
  return sum
}
