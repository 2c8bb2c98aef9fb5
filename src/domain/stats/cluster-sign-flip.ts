import { linearisedScores, type Sample, samplingDesign, weightedMeanOf } from './sampling.js'

export interface ClusterSignFlip {
  /** Mean minus boundary. */
  readonly statistic: number
  /** Two-sided; never below 2^(1 - clusters). */
  readonly pValue: number
  /** One-sided: small when the data say that the true mean is below the boundary. */
  readonly below: number
  readonly above: number
  readonly clusters: number
}

/** With more clusters Student's t is near enough, and patterns of signs would be too many. */
export const MOST_FLIPPED_CLUSTERS = 20

/** Counts, over all patterns of signs of the scores, how many sums are at least as extreme as theirs. */
function countPatterns(scores: Float64Array): { below: number; above: number; both: number } {
  let observed = 0
  let size = 0
  for (const score of scores) {
    observed += score
    size += Math.abs(score)
  }
  // Sums that differ by rounding only count as equal.
  const tolerance = 1e-12 * size
  const sums = new Float64Array(2 ** scores.length)
  sums[0] = observed
  let filled = 1
  for (const score of scores) {
    for (let i = 0; i < filled; i++) sums[filled + i] = (sums[i] ?? 0) - 2 * score
    filled *= 2
  }
  const counts = { below: 0, above: 0, both: 0 }
  for (const sum of sums) {
    if (sum <= observed + tolerance) counts.below++
    if (sum >= observed - tolerance) counts.above++
    if (Math.abs(sum) >= Math.abs(observed) - tolerance) counts.both++
  }
  return counts
}

/**
 * Exact test that a (weighted) mean is `boundary`, by turning the signs of whole clusters (Canay, Romano & Shaikh 2017,
 * Econometrica 85:1013-1030): of each cluster's summed deviation from the boundary, so that what is tested is the same mean
 * as in `clusteredMean`. For 2 to 20 clusters, for which t with a sandwich variance says too much; assumes that each
 * cluster's sum is near symmetric about 0 when the mean is the boundary, not that clusters are alike. Other numbers of
 * clusters, or values for which `clusteredMean` is undefined -> undefined. All deviations 0 -> every p-value is 1.
 */
export function clusterSignFlip(
  input: Sample & { readonly boundary: number },
): ClusterSignFlip | undefined {
  const { values, boundary } = input
  const design = samplingDesign(input)
  if (design === undefined || !Number.isFinite(boundary)) return undefined
  const { groups } = design
  if (groups < 2 || groups > MOST_FLIPPED_CLUSTERS) return undefined
  const mean = weightedMeanOf(values, design)
  if (mean === undefined) return undefined
  // Turning a 0 changes nothing, and values of no weight are zeros too.
  const scores = linearisedScores(values, boundary, design).filter((score) => score !== 0)
  const counts = countPatterns(scores)
  const patterns = 2 ** scores.length
  return {
    statistic: mean - boundary,
    pValue: counts.both / patterns,
    below: counts.below / patterns,
    above: counts.above / patterns,
    clusters: groups,
  }
}
