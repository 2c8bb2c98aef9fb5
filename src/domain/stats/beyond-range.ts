import { logGamma } from './special/log-gamma.js'

export interface BeyondRange {
  /** How many values the bounds were read off. */
  readonly reference: number
  readonly current: number
  /** How many of the current values lie beyond them. */
  readonly beyond: number
  /** Bounds count from the ends of the reference: 2 for its smallest and largest value, j for its j-th largest. */
  readonly ends: number
}

/**
 * The probability that at least so many values of one sample lie beyond the smallest or largest (or the j-th largest)
 * of another of the same distribution (Wilks 1941): exact for continuous values whatever their distribution, and no larger than
 * stated with ties. By exchangeability it is that of at most `ends - 1` reference values among `beyond + ends - 1`
 * drawn from both. Nothing beyond, or no reference: 1.
 */
export function beyondRangePValue({ reference, current, beyond, ends }: BeyondRange): number {
  if (beyond <= 0 || reference < ends) return 1
  const drawn = beyond + ends - 1
  const total = logChoose(reference + current, drawn)
  let sum = 0
  for (let taken = 0; taken < ends; taken++) {
    sum += Math.exp(logChoose(reference, taken) + logChoose(current, drawn - taken) - total)
  }
  return Math.min(1, sum)
}

function logChoose(n: number, k: number): number {
  if (k > n) return Number.NEGATIVE_INFINITY
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}
