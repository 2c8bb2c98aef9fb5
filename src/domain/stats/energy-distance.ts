import { skipEqual } from './merge.js'

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
  let i = 0
  let j = 0
  let area = 0
  let previous = Math.min(a[0] ?? 0, b[0] ?? 0)
  // After the end of either sample the other's last steps remain.
  while (i < a.length || j < b.length) {
    const fromA = i < a.length ? (a[i] ?? 0) : Number.POSITIVE_INFINITY
    const fromB = j < b.length ? (b[j] ?? 0) : Number.POSITIVE_INFINITY
    const value = fromA < fromB ? fromA : fromB
    const gap = i / a.length - j / b.length
    area += gap * gap * (value / 2 - previous / 2)
    i = skipEqual(a, i, value)
    j = skipEqual(b, j, value)
    previous = value
  }
  return area
}
