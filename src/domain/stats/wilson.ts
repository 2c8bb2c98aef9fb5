import type { Interval } from './interval.js'
import { normalMultiplier } from './special/normal.js'

/**
 * Two-sided score interval for a proportion (Wilson 1927). It always holds successes / n and never leaves [0, 1].
 * No trials, or successes outside 0..n -> undefined.
 */
export function wilsonInterval(successes: number, n: number, level: number): Interval | undefined {
  if (!(n > 0 && successes >= 0 && successes <= n)) return undefined
  const z = normalMultiplier(level)
  const square = z * z
  const failures = n - successes
  const centre = (successes + square / 2) / (n + square)
  const half = (z / (n + square)) * Math.sqrt((successes * failures) / n + square / 4)
  const low = successes === 0 ? 0 : Math.max(0, centre - half)
  const high = failures === 0 ? 1 : Math.min(1, centre + half)
  return { low, high, level, method: 'wilson' }
}
