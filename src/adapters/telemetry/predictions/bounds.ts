/** Milliseconds; what histograms of HTTP servers commonly have. */
const USUAL = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

/** Upper bounds of the buckets into which raw latencies are counted: those that the analysis looks at are among them. */
export function latencyBounds(looked: readonly number[]): readonly number[] {
  return [...new Set([...USUAL, ...looked])].sort((a, b) => a - b)
}
