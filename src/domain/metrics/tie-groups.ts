import type { UnitRows } from './metric.js'

/** Documents of one query with the same score. */
export interface TieGroup {
  /** Documents ranked above. */
  readonly above: number
  readonly size: number
  /** How many of them are relevant (label above 0). */
  readonly relevant: number
  /** Sum of their labels. */
  readonly gain: number
}

/**
 * A query's documents from the highest score to the lowest, equal scores together: a ranking metric takes the mean over the orders
 * that such a group can have (McSherry & Najork 2008), so that the order of the rows decides nothing.
 */
export function tieGroups({ labels, scores }: UnitRows): TieGroup[] {
  const order = Array.from(scores, (_, row) => row)
  order.sort((a, b) => descending(scores[a] ?? 0, scores[b] ?? 0))
  const groups: TieGroup[] = []
  let start = 0
  while (start < order.length) {
    const score = scores[order[start] ?? 0]
    let end = start
    let relevant = 0
    let gain = 0
    while (end < order.length && scores[order[end] ?? 0] === score) {
      const label = labels[order[end] ?? 0] ?? 0
      if (label > 0) relevant++
      gain += label
      end++
    }
    if (end === start) break
    groups.push({ above: start, size: end - start, relevant, gain })
    start = end
  }
  return groups
}

/** How many documents of a query are relevant. */
export function relevantIn({ labels }: UnitRows): number {
  let relevant = 0
  for (const label of labels) if (label > 0) relevant++
  return relevant
}

/** Whether rows can be ranked: there is one, every score is a number, and no label is negative. */
export function canRank({ labels, scores }: UnitRows): boolean {
  if (scores.length === 0 || labels.length !== scores.length) return false
  return labels.every((label) => label >= 0) && !scores.some((score) => Number.isNaN(score))
}

/** What a query needs so that it can be ranked, in words. */
export const RANKABLE = 'a score for each document and labels that are not negative'

function descending(a: number, b: number): number {
  if (a > b) return -1
  return a < b ? 1 : 0
}
