/** What the evidence so far becomes after the next interval, for each count that the null hypothesis allows. */
export interface NextEvidence {
  /** Probabilities of the counts under the null hypothesis, summing to 1. */
  readonly probabilities: readonly number[]
  /** The e-value that each of the counts would give. */
  readonly eValues: readonly number[]
  /** The e-value now. */
  readonly now: number
  /** The e-value at which one stops. */
  readonly stopAt: number
}

/** Rounding and the tails that are left out must never add up to more than the null hypothesis allows. */
const SLACK = 1e-8

/**
 * The largest factor b >= 1 with E[min(b x next e-value, stopAt)] <= e-value now, under the null hypothesis. Who stops at
 * `stopAt` gains nothing from evidence beyond it; what is cut off there in expectation is paid out as a factor everywhere
 * else, and the process stays a supermartingale under the null hypothesis (Wang and Ramdas 2022, "False discovery rate
 * control with e-values", boosting by truncation; here step by step). 1 where nothing can be gained.
 */
export function evidenceBoost(next: NextEvidence): number {
  const { probabilities, eValues, now, stopAt } = next
  if (!(now < stopAt)) return 1
  const outcomes = probabilities.map((p, i) => ({ p, value: eValues[i] ?? 0 }))
  outcomes.sort((one, other) => other.value - one.value)
  let capped = 0
  let rest = outcomes.reduce((sum, { p, value }) => sum + p * value, 0)
  let best = 1
  for (const { p, value } of outcomes) {
    // With `capped` of the probability at stopAt, the others may be raised so far.
    const factor = (now * (1 - SLACK) - stopAt * capped) / rest
    if (!(factor > 0 && Number.isFinite(factor))) break
    best = factor
    if (factor * value <= stopAt) break
    capped += p
    rest -= p * value
  }
  return Math.max(1, best)
}
