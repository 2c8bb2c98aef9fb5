import type { MetricData } from '../../metrics/data.js'
import { binOf, edgesOf } from './concept-cells.js'

/**
 * How much more the calibration's own error counts where the current scores lie elsewhere than the reference's: the mean square of the
 * ratio of their densities over twenty bins of the reference's scores, which is 1 where they lie alike (Kish's design effect). Without
 * reference rows or scores always 1.
 */
export function shiftFrom(reference: MetricData | undefined): (current: MetricData) => number {
  const keys = reference && keysOf(reference)
  if (keys === undefined || keys.length === 0) return () => 1
  const edges = edgesOf(keys)
  const before = sharesOf(keys, edges)
  // No reference row in a bin: one of them would be a share of this much.
  const least = 1 / keys.length
  return (current) => {
    const others = keysOf(current)
    if (others === undefined || others.length === 0) return 1
    const now = sharesOf(others, edges)
    return now.reduce(
      (sum, part, bin) => sum + (part * part) / Math.max(least, before[bin] ?? 0),
      0,
    )
  }
}

/** By which rows have alike probabilities: the score, or of several classes that of the predicted one. */
function keysOf({ scores, classScores = [], predictions }: MetricData): Float64Array | undefined {
  return scores ?? predictions?.map((code, i) => classScores[code]?.[i] ?? 0)
}

function sharesOf(values: Float64Array, edges: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length + 1)
  for (let i = 0; i < values.length; i++) {
    const bin = binOf(edges, values[i] ?? 0)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts.map((count) => count / values.length)
}
