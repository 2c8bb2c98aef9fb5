import { createRandom } from '../../stats/random.js'
import { normalQuantile } from '../../stats/special/normal.js'

const POINTS = 200
const PATHS = 600

/** How strongly the points crowd towards both ends, where heavy tails have their width. */
const TAILS = 9

let paths: { readonly at: Float64Array; readonly heights: Float64Array } | undefined

/**
 * Paths of the Brownian bridge at fixed shares of the distribution, made once from a fixed seed. What the difference of
 * two empirical distribution functions of one distribution looks like, times the root of nm / (n + m) (Donsker 1952).
 */
export function bridgePaths(): {
  /** 200 shares in (0, 1), ascending, denser towards both ends. */
  readonly at: Float64Array
  /** 600 paths, one after the other, each with its height at every share. */
  readonly heights: Float64Array
} {
  paths ??= makePaths()
  return paths
}

export const BRIDGE = { points: POINTS, paths: PATHS } as const

function makePaths(): { at: Float64Array; heights: Float64Array } {
  const at = Float64Array.from({ length: POINTS }, (_, i) => shareAt((i + 0.5) / POINTS))
  const heights = new Float64Array(POINTS * PATHS)
  const random = createRandom(20_261_123)
  for (let path = 0; path < PATHS; path++) {
    let motion = 0
    let before = 0
    const start = path * POINTS
    for (let i = 0; i < POINTS; i++) {
      const share = at[i] ?? 0
      motion += Math.sqrt(share - before) * gauss(random.next())
      heights[start + i] = motion
      before = share
    }
    const end = motion + Math.sqrt(1 - before) * gauss(random.next())
    for (let i = 0; i < POINTS; i++) {
      heights[start + i] = (heights[start + i] ?? 0) - (at[i] ?? 0) * end
    }
  }
  return { at, heights }
}

function shareAt(position: number): number {
  return 1 / (1 + Math.exp(-TAILS * (2 * position - 1)))
}

function gauss(uniform: number): number {
  return normalQuantile(Math.min(1 - 2 ** -53, Math.max(2 ** -53, uniform)))
}
