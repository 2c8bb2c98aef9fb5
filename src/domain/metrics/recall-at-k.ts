import { canRank, RANKABLE, relevantIn, tieGroups } from './tie-groups.js'
import { unitMetric } from './unit-metrics.js'

/**
 * Of a query's relevant documents (label above 0), the share among its first k, as trec_eval's recall; 0 when there is none. Of
 * equal scores astride k a part of them counts: the mean over their orders.
 */
export const recallAtK = unitMetric({
  name: 'recall-at-k',
  summary: "Share of a query's relevant documents among its first k, averaged over queries.",
  tasks: ['ranking'],
  direction: 'higher',
  needs: ['score'],
  range: [0, 1],
  k: 'required',
  unit: 'query',
  unitNeeds: RANKABLE,
  perUnit(rows, { k = 1 }) {
    if (!canRank(rows)) return undefined
    const all = relevantIn(rows)
    let found = 0
    for (const { above, size, relevant } of tieGroups(rows)) {
      const within = Math.min(size, k - above)
      if (within <= 0) break
      found += relevant * (within / size)
    }
    return all === 0 ? 0 : found / all
  },
})
