import { logGamma } from './special/log-gamma.js'

export interface BeyondRange {
  /** How many values the range was read off. */
  readonly reference: number
  readonly current: number
  /** How many of the current values lie beyond it. */
  readonly beyond: number
  /** How many ends of the range were read off the reference. */
  readonly ends: 1 | 2
}

/**
 * The probability that at least so many values of one sample lie beyond the smallest or largest of another of the
 * same distribution (Wilks 1941): exact for continuous values whatever their distribution, and no larger than stated
 * with ties. By exchangeability it is that of at most `ends - 1` reference values among `beyond + ends - 1` drawn
 * from both. Nothing beyond, or no reference: 1.
 */
export function beyondRangePValue({ reference, current, beyond, ends }: BeyondRange): number {
  if (beyond <= 0 || reference < ends) return 1
  const all = reference + current
  const drawn = beyond + ends - 1
  const total = logChoose(all, drawn)
  const none = Math.exp(logChoose(current, drawn) - total)
  if (ends === 1) return Math.min(1, none)
  return Math.min(1, none + Math.exp(Math.log(reference) + logChoose(current, beyond) - total))
}

function logChoose(n: number, k: number): number {
  if (k > n) return Number.NEGATIVE_INFINITY
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}
