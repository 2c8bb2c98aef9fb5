import { EqualRuns } from './merge.js'

/**
 * Energy distance between two sorted finite samples (Székely & Rizzo 2013, J. Statist. Plann. Inference 143:1249-1272):
 * sqrt(2 ∫ (F - G)²), exact, in the root of the column's unit; the same as scipy.stats.energy_distance. Either sample
 * empty: undefined.
 */
export function energyDistance(a: Float64Array, b: Float64Array): number | undefined {
  return a.length === 0 || b.length === 0 ? undefined : 2 * Math.sqrt(halfArea(a, b))
}

/** Half of the integral, from halved values: the difference of two of the largest doubles overflows, of their halves not. */
function halfArea(a: Float64Array, b: Float64Array): number {
  let area = 0
  let previous = Math.min(a[0] ?? 0, b[0] ?? 0)
  const runs = new EqualRuns(a, b)
  while (runs.next()) {
    const gap = runs.i / a.length - runs.j / b.length
    area += gap * gap * (runs.value / 2 - previous / 2)
    previous = runs.value
  }
  return area
}
