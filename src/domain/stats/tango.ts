import { signChange } from './find-root.js'
import type { Interval } from './interval.js'
import { normalMultiplier, normalSf } from './special/normal.js'

/** Counts of a comparison of two models on the same n examples. */
export interface PairedCounts {
  /** Examples that only the candidate got right. */
  readonly candidateOnly: number
  /** Examples that only the baseline got right. */
  readonly baselineOnly: number
  /** All examples, concordant ones included. */
  readonly n: number
}

/** The estimate of P(baseline only) when the difference is held at `difference`: the root of Tango's quadratic. */
function restrictedBaselineOnly(counts: PairedCounts, difference: number): number {
  const { candidateOnly: b, baselineOnly: c, n } = counts
  const quadratic = 2 * n
  const linear = -b - c + (2 * n - b + c) * difference
  const constant = -c * difference * (1 - difference)
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * quadratic * constant))
  if (linear > 0) return (-2 * constant) / (linear + root)
  return (root - linear) / (2 * quadratic)
}

/**
 * Tango's (1998) score statistic of the hypothesis that the difference of accuracies, candidate minus baseline, is
 * `difference` in (-1, 1); standard normal where that is true. It also takes expected counts, which are not whole.
 */
export function tangoScore(counts: PairedCounts, difference: number): number {
  const { candidateOnly, baselineOnly, n } = counts
  const excess = candidateOnly - baselineOnly - n * difference
  if (excess === 0) return 0
  const probability = restrictedBaselineOnly(counts, difference)
  const variance = n * (2 * probability + difference * (1 - difference))
  return excess / Math.sqrt(Math.max(0, variance))
}

/** The lower limit; the upper one is that of the swapped models with its sign turned. */
function lowerLimit(counts: PairedCounts, z: number): number {
  const estimate = (counts.candidateOnly - counts.baselineOnly) / counts.n
  if (estimate <= -1) return -1
  return Math.min(
    estimate,
    signChange((difference) => tangoScore(counts, difference) > z, -1, estimate),
  )
}

/**
 * Two-sided score interval for the difference of two proportions measured on the same examples (Tango 1998, Statist.
 * Med. 17:891-908). Of positive width even where the models never differ. No examples -> [-1, 1].
 */
export function tangoInterval(input: PairedCounts & { readonly level: number }): Interval {
  const { candidateOnly, baselineOnly, n, level } = input
  if (!(n > 0)) return { low: -1, high: 1, level, method: 'tango' }
  const z = normalMultiplier(level)
  const low = lowerLimit({ candidateOnly, baselineOnly, n }, z)
  const high = -lowerLimit({ candidateOnly: baselineOnly, baselineOnly: candidateOnly, n }, z)
  return { low, high, level, method: 'tango' }
}

/**
 * One-sided score test of non-inferiority (Tango 1998). H0: difference <= -margin, with the margin >= 0; a small p
 * says that the candidate is not worse than the baseline by the margin or more. No examples -> statistic 0, p 1.
 */
export function tangoTest(input: PairedCounts & { readonly margin: number }): {
  readonly statistic: number
  readonly pValue: number
} {
  if (!(input.n > 0)) return { statistic: 0, pValue: 1 }
  const statistic = tangoScore(input, -input.margin)
  return { statistic, pValue: normalSf(statistic) }
}
