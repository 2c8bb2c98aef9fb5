import { signChange } from './find-root.js'
import type { Interval } from './interval.js'
import { type ScoreTest, scoreTest } from './score-test.js'
import { normalMultiplier } from './special/normal.js'

/** Counts of a comparison of two models on the same n examples. */
export interface PairedRatioCounts {
  /** Examples that both models got right. */
  readonly both: number
  /** Examples that only the candidate got right. */
  readonly candidateOnly: number
  /** Examples that only the baseline got right. */
  readonly baselineOnly: number
  /** All examples. How many of them neither got right does not move a ratio. */
  readonly n: number
}

export interface PairedRatio extends Interval {
  /** Candidate over baseline: Infinity where only the baseline was never right, undefined where neither was. */
  readonly ratio: number | undefined
}

/** exp of this is beyond all doubles: the ends of the search for a logarithm. */
const FARTHEST = 800

function isTable({ both, candidateOnly, baselineOnly, n }: PairedRatioCounts): boolean {
  const rest = n - both - candidateOnly - baselineOnly
  return [both, candidateOnly, baselineOnly, rest].every((count) => count >= 0) && n < Infinity
}

function swapped(counts: PairedRatioCounts): PairedRatioCounts {
  return { ...counts, candidateOnly: counts.baselineOnly, baselineOnly: counts.candidateOnly }
}

/**
 * The share of discordant examples among those that some model got right, at the maximum of the likelihood with the ratio
 * held at `ratio` <= 1: P(candidate only) is the positive root of a quadratic, P(baseline only) follows from it.
 */
function restrictedDiscordance(counts: PairedRatioCounts, ratio: number): number {
  const { both, candidateOnly, baselineOnly } = counts
  const total = both + candidateOnly + baselineOnly
  const square = ratio * ratio
  const quadratic = ratio * (1 + ratio) * total
  const linear = both * (1 - square) + candidateOnly * (1 - 2 * square) - baselineOnly * square
  const constant = -candidateOnly * ratio * (1 - ratio)
  const root = Math.sqrt(linear * linear - 4 * quadratic * constant)
  const onlyCandidate =
    linear > 0 ? (-2 * constant) / (linear + root) : (root - linear) / (2 * quadratic)
  return Math.min(1, onlyCandidate + (1 - ratio + ratio * onlyCandidate))
}

/** The score statistic of the hypothesis that the ratio of accuracies, candidate over baseline, is `ratio`. */
function score(counts: PairedRatioCounts, ratio: number): number {
  if (ratio > 1) return -score(swapped(counts), 1 / ratio)
  const { both, candidateOnly, baselineOnly } = counts
  const total = both + candidateOnly + baselineOnly
  const excess = both + candidateOnly - ratio * (both + baselineOnly)
  if (excess === 0) return 0
  return excess / Math.sqrt(ratio * total * restrictedDiscordance(counts, ratio))
}

function lowerLimit(counts: PairedRatioCounts, z: number): number {
  const candidate = counts.both + counts.candidateOnly
  const baseline = counts.both + counts.baselineOnly
  if (candidate === 0) return 0
  const estimate = candidate / baseline
  const end = Math.min(FARTHEST, Math.log(estimate))
  const limit = Math.exp(signChange((log) => score(counts, Math.exp(log)) > z, -FARTHEST, end))
  return Math.min(estimate, limit)
}

/**
 * Two-sided score interval for the ratio of two proportions measured on the same examples, candidate over baseline (Nam &
 * Blackwelder 2002, Statist. Med. 21:689-699; Tang, Tang & Chan 2003, Statist. Med. 22:1217-1233). Of positive width even
 * where the models never differ. A model that is never right moves an end to 0 or Infinity; neither ever right, or no
 * examples -> [0, Infinity] without a ratio. Counts that cannot be -> undefined.
 */
export function pairedRatioInterval(
  input: PairedRatioCounts & { readonly level: number },
): PairedRatio | undefined {
  if (!isTable(input)) return undefined
  const { both, candidateOnly, baselineOnly, level } = input
  const shared = { level, method: 'nam-blackwelder' } as const
  if (both + candidateOnly + baselineOnly === 0) {
    return { ratio: undefined, low: 0, high: Number.POSITIVE_INFINITY, ...shared }
  }
  const z = normalMultiplier(level)
  return {
    ratio: (both + candidateOnly) / (both + baselineOnly),
    low: lowerLimit(input, z),
    high: 1 / lowerLimit(swapped(input), z),
    ...shared,
  }
}

/**
 * Score test that the ratio of two paired proportions, candidate over baseline, is `ratio` > 0 (Nam & Blackwelder 2002;
 * Tang, Tang & Chan 2003); at ratio 1 it is McNemar's without correction. Neither model ever right, or no examples ->
 * statistic 0, p 1. Counts that cannot be, or a ratio that is not positive and finite -> undefined.
 */
export function pairedRatioTest(
  input: PairedRatioCounts & { readonly ratio: number },
): ScoreTest | undefined {
  const { ratio } = input
  if (!(isTable(input) && ratio > 0 && ratio < Number.POSITIVE_INFINITY)) return undefined
  return scoreTest(score(input, ratio))
}
