import { signChange } from './find-root.js'
import type { Interval } from './interval.js'
import { type ScoreTest, scoreTest } from './score-test.js'
import { normalMultiplier } from './special/normal.js'
import { areCounts, swapSamples, type UnpairedCounts } from './unpaired-counts.js'

export interface UnpairedRatio extends Interval {
  /** Candidate over baseline: Infinity where only the baseline has no success, undefined where neither has one. */
  readonly ratio: number | undefined
}

/** exp of this is beyond all doubles: the ends of the search for a logarithm. */
const FARTHEST = 800

/** The score statistic of `ratio`, its variance at the maximum of the likelihood with the ratio held. */
function score(counts: UnpairedCounts, ratio: number): number {
  if (ratio > 1) return -score(swapSamples(counts), 1 / ratio)
  const { candidateSuccesses: x1, candidateTotal: n1, baselineSuccesses: x0 } = counts
  const n0 = counts.baselineTotal
  const excess = x1 / n1 - ratio * (x0 / n0)
  // Below the rounding of proportions; their variance may have been rounded to 0 there.
  if (Math.abs(excess) <= (4 * Number.EPSILON * x1) / n1) return 0
  const n = n1 + n0
  const linear = ratio * (n1 + x0) + x1 + n0
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * n * ratio * (x1 + x0)))
  const baseline = Math.min(1, (2 * (x1 + x0)) / (linear + root))
  const candidate = ratio * baseline
  const variance =
    (candidate * (1 - candidate)) / n1 + (ratio * ratio * baseline * (1 - baseline)) / n0
  return excess / Math.sqrt((Math.max(0, variance) * n) / (n - 1))
}

function lowerLimit(counts: UnpairedCounts, z: number): number {
  const { candidateSuccesses, candidateTotal, baselineSuccesses, baselineTotal } = counts
  if (candidateSuccesses === 0) return 0
  const estimate = candidateSuccesses / candidateTotal / (baselineSuccesses / baselineTotal)
  const end = Math.min(FARTHEST, Math.log(estimate))
  const limit = Math.exp(signChange((log) => score(counts, Math.exp(log)) > z, -FARTHEST, end))
  return Math.min(estimate, limit)
}

/**
 * Two-sided score interval for the ratio of two independent proportions, candidate over baseline (Miettinen & Nurminen
 * 1985, Statist. Med. 4:213-226; Koopman 1984, Biometrics 40:513-517, is the same without their factor N / (N - 1)). No
 * success in a sample moves an end to 0 or Infinity; in neither -> [0, Infinity] without a ratio. An empty sample or
 * counts that cannot be -> undefined.
 */
export function unpairedRatioInterval(
  counts: UnpairedCounts,
  level: number,
): UnpairedRatio | undefined {
  if (!areCounts(counts)) return undefined
  const shared = { level, method: 'miettinen-nurminen-ratio' } as const
  if (counts.candidateSuccesses + counts.baselineSuccesses === 0) {
    return { ratio: undefined, low: 0, high: Number.POSITIVE_INFINITY, ...shared }
  }
  const z = normalMultiplier(level)
  const { candidateSuccesses, candidateTotal, baselineSuccesses, baselineTotal } = counts
  return {
    ratio: candidateSuccesses / candidateTotal / (baselineSuccesses / baselineTotal),
    low: lowerLimit(counts, z),
    high: 1 / lowerLimit(swapSamples(counts), z),
    ...shared,
  }
}

/**
 * Score test that the ratio of two independent proportions is `ratio` > 0 (Miettinen & Nurminen 1985). No success at all ->
 * statistic 0, p 1. An empty sample, counts that cannot be, or a ratio that is not positive and finite -> undefined.
 */
export function unpairedRatioTest(counts: UnpairedCounts, ratio: number): ScoreTest | undefined {
  if (!(areCounts(counts) && ratio > 0 && ratio < Number.POSITIVE_INFINITY)) return undefined
  return scoreTest(score(counts, ratio))
}
