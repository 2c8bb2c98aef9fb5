import type { NumericShape } from '../numeric-shape.js'
import { BRIDGE, bridgePaths } from './bridge.js'
import type { Noise } from './noise.js'

/**
 * The noise of a distance that is an area between two distribution functions, when both samples come from one
 * distribution: the limit of sqrt(nm / (n + m)) times it is the integral of a function of the Brownian bridge B(F(x))
 * over x (del Barrio, Gine & Matran 1999, Annals of Probability 27:1009-1071, for the Wasserstein distance). The pooled
 * sample stands for F; 600 paths give the mean and the quantile.
 */
export function areaNoise(shape: NumericShape, power: 1 | 2, alpha: number): Noise | undefined {
  const { reference, current } = shape.sizes
  if (reference === 0 || current === 0) return undefined
  const widths = widthsOf(shape)
  const { heights } = bridgePaths()
  const areas = new Float64Array(BRIDGE.paths)
  for (let path = 0; path < BRIDGE.paths; path++) {
    let area = 0
    const start = path * BRIDGE.points
    for (let i = 0; i < BRIDGE.points; i++) {
      const height = heights[start + i] ?? 0
      const size = height < 0 ? -height : height
      area += (power === 1 ? size : size * size) * (widths[i] ?? 0)
    }
    areas[path] = area
  }
  const scale = Math.sqrt(1 / reference + 1 / current) ** power
  areas.sort()
  const rank = Math.min(BRIDGE.paths - 1, Math.ceil((1 - alpha) * BRIDGE.paths) - 1)
  let sum = 0
  for (const area of areas) sum += area
  return { centre: (sum / BRIDGE.paths) * scale, floor: (areas[rank] ?? 0) * scale }
}

/** How much of the axis of values each share of the bridge stands for: half of the way to both neighbours. */
function widthsOf(shape: NumericShape): Float64Array {
  const { at } = bridgePaths()
  const quantiles = Float64Array.from(at, (share) => pooledQuantile(shape, share))
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
function pooledQuantile({ sizes, valueAt }: NumericShape, share: number): number {
  const total = sizes.reference + sizes.current
  const part = (side: 'reference' | 'current') => {
    const rank = Math.min(sizes[side] - 1, Math.floor(share * sizes[side]))
    return (valueAt(side, rank) ?? 0) * (sizes[side] / total)
  }
  return part('reference') + part('current')
}
