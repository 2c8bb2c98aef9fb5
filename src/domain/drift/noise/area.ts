import type { NumericPair } from '../tests/drift-test.js'
import { BRIDGE, bridgePaths } from './bridge.js'
import type { Noise } from './noise.js'

/**
 * The noise of a distance that is an area between two distribution functions, when both samples come from one
 * distribution: the limit of sqrt(nm / (n + m)) times it is the integral of a function of the Brownian bridge B(F(x))
 * over x (del Barrio, Gine & Matran 1999, Annals of Probability 27:1009-1071, for the Wasserstein distance). The pooled
 * sample stands for F; 600 paths give the mean and the quantile.
 */
export function areaNoise(pair: NumericPair, power: 1 | 2, alpha: number): Noise | undefined {
  const { reference, current } = pair
  if (reference.length === 0 || current.length === 0) return undefined
  const widths = widthsOf(pair)
  const { heights } = bridgePaths()
  const areas = new Float64Array(BRIDGE.paths)
  for (let path = 0; path < BRIDGE.paths; path++) {
    let area = 0
    const start = path * BRIDGE.points
    for (let i = 0; i < BRIDGE.points; i++) {
      const height = heights[start + i] ?? 0
      area += (power === 1 ? Math.abs(height) : height * height) * (widths[i] ?? 0)
    }
    areas[path] = area
  }
  const scale = Math.sqrt(1 / reference.length + 1 / current.length) ** power
  areas.sort()
  const rank = Math.min(BRIDGE.paths - 1, Math.ceil((1 - alpha) * BRIDGE.paths) - 1)
  let sum = 0
  for (const area of areas) sum += area
  return { centre: (sum / BRIDGE.paths) * scale, floor: (areas[rank] ?? 0) * scale }
}

/** How much of the axis of values each share of the bridge stands for: half of the way to both neighbours. */
function widthsOf(pair: NumericPair): Float64Array {
  const { at } = bridgePaths()
  const quantiles = Float64Array.from(at, (share) => pooledQuantile(pair, share))
  const widths = new Float64Array(at.length)
  for (let i = 0; i < at.length; i++) {
    const before = quantiles[Math.max(0, i - 1)] ?? 0
    const after = quantiles[Math.min(at.length - 1, i + 1)] ?? 0
    const half = after / 2 - before / 2
    widths[i] = Number.isFinite(half) ? half : 0
  }
  return widths
}

/** A mixture of both samples' quantiles: near enough for a width, without merging them. */
function pooledQuantile({ reference, current }: NumericPair, share: number): number {
  const total = reference.length + current.length
  const pick = (sorted: Float64Array) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return pick(reference) * (reference.length / total) + pick(current) * (current.length / total)
}
