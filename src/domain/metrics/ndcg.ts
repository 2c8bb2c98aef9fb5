import type { UnitRows } from './metric.js'
import { canRank, RANKABLE, tieGroups } from './tie-groups.js'
import { unitMetric } from './unit-metrics.js'

/**
 * Normalised discounted cumulative gain (Järvelin & Kekäläinen 2002) as scikit-learn's ndcg_score: the gain is the label itself, the
 * document at rank i discounted by log2(i + 1), over the same of the best order; a group of equal scores has the mean of its gains
 * (McSherry & Najork 2008). With k only the first k ranks count. A query without a relevant document has 0.
 */
export const ndcg = unitMetric({
  name: 'ndcg',
  summary: 'Normalised discounted cumulative gain of a query, linear gains, averaged over queries.',
  tasks: ['ranking'],
  direction: 'higher',
  needs: ['score'],
  range: [0, 1],
  k: 'optional',
  unit: 'query',
  unitNeeds: RANKABLE,
  perUnit(rows, { k = Number.POSITIVE_INFINITY }) {
    if (!canRank(rows)) return undefined
    const ideal = idealGain(rows, k)
    return ideal === 0 ? 0 : Math.min(1, discountedGain(rows, k) / ideal)
  },
})

function discountedGain(rows: UnitRows, k: number): number {
  let sum = 0
  for (const { above, size, gain } of tieGroups(rows)) {
    let discounts = 0
    for (let rank = above; rank < Math.min(k, above + size); rank++) discounts += discount(rank)
    sum += (gain / size) * discounts
  }
  return sum
}

function idealGain({ labels }: UnitRows, k: number): number {
  const best = labels.slice().sort().reverse()
  let sum = 0
  for (let rank = 0; rank < Math.min(k, best.length); rank++) {
    sum += (best[rank] ?? 0) * discount(rank)
  }
  return sum
}

/** Of the rank from 0 on. */
function discount(rank: number): number {
  return 1 / Math.log2(rank + 2)
}
