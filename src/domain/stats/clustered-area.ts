import { placements } from './placements.js'

/**
 * The variance of an area under the ROC curve whose rows come in clusters, of either or both classes: the sum of squares of the
 * clusters' summed structural components (Obuchowski 1997, Biometrics 53:567-578). `labels` are 1 for positive, `clusters` equal for
 * rows that belong together. Fewer than two clusters, or than two rows of a class, or NaN scores -> undefined.
 */
export function clusteredAreaVariance(
  labels: ArrayLike<number>,
  scores: Float64Array,
  clusters: ArrayLike<number>,
): number | undefined {
  const found = placements(labels, scores)
  if (found === undefined) return undefined
  const { shares, auc, positives, negatives } = found
  const sums = new Map<number, number>()
  for (let i = 0; i < shares.length; i++) {
    const cluster = clusters[i] ?? 0
    const part = ((shares[i] ?? 0) - auc) / (labels[i] === 1 ? positives : negatives)
    sums.set(cluster, (sums.get(cluster) ?? 0) + part)
  }
  if (sums.size < 2) return undefined
  let variance = 0
  for (const sum of sums.values()) variance += sum * sum
  return (variance * sums.size) / (sums.size - 1)
}
