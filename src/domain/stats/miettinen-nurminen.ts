import { signChange } from './find-root.js'
import type { Interval } from './interval.js'
import { type ScoreTest, scoreTest } from './score-test.js'
import { normalMultiplier } from './special/normal.js'
import { areCounts, swapSamples, type UnpairedCounts } from './unpaired-counts.js'

export type { UnpairedCounts } from './unpaired-counts.js'

/** The likelihood's maximum with the difference held: the root of Miettinen & Nurminen's cubic, in closed form. */
function restrictedBaseline(counts: UnpairedCounts, difference: number): number {
  const { candidateSuccesses: x1, candidateTotal: n1, baselineSuccesses: x0 } = counts
  const n0 = counts.baselineTotal
  const n = n1 + n0
  const l2 = (n1 + 2 * n0) * difference - n - (x1 + x0)
  const l1 = (n0 * difference - n - 2 * x0) * difference + x1 + x0
  const l0 = x0 * difference * (1 - difference)
  const q = l2 ** 3 / (3 * n) ** 3 - (l1 * l2) / (6 * n * n) + l0 / (2 * n)
  const p = Math.sign(q) * Math.sqrt(Math.max(0, l2 ** 2 / (3 * n) ** 2 - l1 / (3 * n)))
  const ratio = p === 0 ? 0 : Math.min(1, Math.max(-1, q / p ** 3))
  const angle = (Math.PI + Math.acos(ratio)) / 3
  const root = 2 * p * Math.cos(angle) - l2 / (3 * n)
  return Math.min(Math.min(1, 1 - difference), Math.max(Math.max(0, -difference), root))
}

function score(counts: UnpairedCounts, difference: number): number {
  const { candidateSuccesses, candidateTotal, baselineSuccesses, baselineTotal } = counts
  const estimate = candidateSuccesses / candidateTotal - baselineSuccesses / baselineTotal
  const excess = estimate - difference
  // Below the rounding of proportions; their variance may have been rounded to 0 there.
  if (Math.abs(excess) <= 4 * Number.EPSILON) return 0
  const baseline = restrictedBaseline(counts, difference)
  const candidate = Math.min(1, Math.max(0, baseline + difference))
  const n = candidateTotal + baselineTotal
  const variance =
    (candidate * (1 - candidate)) / candidateTotal + (baseline * (1 - baseline)) / baselineTotal
  return excess / Math.sqrt((Math.max(0, variance) * n) / (n - 1))
}

function lowerLimit(counts: UnpairedCounts, z: number): number {
  const estimate =
    counts.candidateSuccesses / counts.candidateTotal -
    counts.baselineSuccesses / counts.baselineTotal
  if (estimate <= -1) return -1
  return Math.min(
    estimate,
    signChange((difference) => score(counts, difference) > z, -1, estimate),
  )
}

/**
 * Two-sided score interval for the difference of two independent proportions, candidate minus baseline (Miettinen &
 * Nurminen 1985, Statist. Med. 4:213-226, with their factor N / (N - 1)). An empty sample, or counts that cannot be -> undefined.
 */
export function miettinenNurminenInterval(
  counts: UnpairedCounts,
  level: number,
): Interval | undefined {
  if (!areCounts(counts)) return undefined
  const z = normalMultiplier(level)
  const swapped = swapSamples(counts)
  const low = lowerLimit(counts, z)
  const high = -lowerLimit(swapped, z)
  return { low, high, level, method: 'miettinen-nurminen' }
}

/**
 * Score test that the difference of two independent proportions, candidate minus baseline, is `difference` in (-1, 1)
 * (Miettinen & Nurminen 1985): rejects exactly where the interval leaves it out. An empty sample, counts that cannot be,
 * or another difference -> undefined.
 */
export function miettinenNurminenTest(
  counts: UnpairedCounts,
  difference: number,
): ScoreTest | undefined {
  if (!(areCounts(counts) && Math.abs(difference) < 1)) return undefined
  return scoreTest(score(counts, difference))
}
