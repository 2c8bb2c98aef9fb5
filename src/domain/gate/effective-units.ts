import type { MetricData } from '../metrics/data.js'
import { kishEffectiveSize } from '../stats/kish.js'

/**
 * How many independent examples some rows amount to: their number; Kish's effective size of their weights; with clusters
 * that of the clusters' summed weights, as rows of one cluster may all say the same. None, or none with weight -> 0.
 */
export function effectiveUnits(data: MetricData, counts: (row: number) => boolean): number {
  const { n, weights, clusters } = data
  const chosen: number[] = []
  for (let row = 0; row < n; row++) if (counts(row)) chosen.push(row)
  if (clusters === undefined && weights === undefined) return chosen.length
  if (clusters === undefined) {
    return kishEffectiveSize(chosen.map((row) => weights?.[row] ?? 1)) ?? 0
  }
  const sums = new Map<number, number>()
  for (const row of chosen) {
    const code = clusters[row] ?? -1
    sums.set(code, (sums.get(code) ?? 0) + (weights?.[row] ?? 1))
  }
  return kishEffectiveSize([...sums.values()]) ?? 0
}
