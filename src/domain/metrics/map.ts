import { canRank, RANKABLE, relevantIn, type TieGroup, tieGroups } from './tie-groups.js'
import { unitMetric } from './unit-metrics.js'

/**
 * Mean average precision as trec_eval's map and map_cut: of a query, the precision at the rank of each relevant document (label
 * above 0) among the first k, summed and divided by the number of all its relevant documents; 0 when there is none. Over equal
 * scores it is the mean over their orders (McSherry & Najork 2008).
 */
export const map = unitMetric({
  name: 'map',
  summary: 'Average precision of a query, averaged over queries.',
  tasks: ['ranking'],
  direction: 'higher',
  needs: ['score'],
  range: [0, 1],
  k: 'optional',
  unit: 'query',
  unitNeeds: RANKABLE,
  perUnit(rows, { k = Number.POSITIVE_INFINITY }) {
    if (!canRank(rows)) return undefined
    const relevant = relevantIn(rows)
    if (relevant === 0) return 0
    let sum = 0
    let before = 0
    for (const group of tieGroups(rows)) {
      sum += expectedPrecision(group, before, k)
      before += group.relevant
    }
    return Math.min(1, sum / relevant)
  },
})

/**
 * Sum of the precisions at a group's relevant documents, in the mean over its orders: place i holds a relevant one with
 * probability r / n, and then (i - 1) (r - 1) / (n - 1) of those before it in the group are relevant as well.
 */
function expectedPrecision({ above, size, relevant }: TieGroup, before: number, k: number): number {
  if (relevant === 0) return 0
  const others = size > 1 ? (relevant - 1) / (size - 1) : 0
  let sum = 0
  for (let place = 1; place <= Math.min(size, k - above); place++) {
    sum += (before + (place - 1) * others + 1) / (above + place)
  }
  return sum * (relevant / size)
}
