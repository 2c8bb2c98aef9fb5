import { canRank, RANKABLE, type TieGroup, tieGroups } from './tie-groups.js'
import { unitMetric } from './unit-metrics.js'

/**
 * Mean reciprocal rank: one over the rank of the first relevant document (label above 0), 0 when there is none or it comes after
 * the first k. Over equal scores it is the mean over their orders (McSherry & Najork 2008).
 */
export const mrr = unitMetric({
  name: 'mrr',
  summary: 'Reciprocal rank of the first relevant document of a query, averaged over queries.',
  tasks: ['ranking'],
  direction: 'higher',
  needs: ['score'],
  range: [0, 1],
  k: 'optional',
  unit: 'query',
  unitNeeds: RANKABLE,
  perUnit(rows, { k = Number.POSITIVE_INFINITY }) {
    if (!canRank(rows)) return undefined
    const first = tieGroups(rows).find(({ relevant }) => relevant > 0)
    return first === undefined ? 0 : expectedReciprocal(first, k)
  },
})

/** The first of r relevant documents among n equal ones is at place j with probability C(n - j, r - 1) / C(n, r). */
function expectedReciprocal({ above, size, relevant }: TieGroup, k: number): number {
  let probability = relevant / size
  let sum = 0
  const last = Math.min(size - relevant + 1, k - above)
  for (let place = 1; place <= last; place++) {
    sum += probability / (above + place)
    probability *= (size - place - relevant + 1) / (size - place)
  }
  return sum
}
