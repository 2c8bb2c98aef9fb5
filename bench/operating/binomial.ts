import { binomialCdf } from '../../src/domain/stats/special/binomial.js'

/** The largest count that a binomial exceeds with at most that probability: more is evidence of a larger rate. */
export function mostOf(trials: number, rate: number, tail: number): number {
  let count = 0
  while (1 - binomialCdf(count, trials, rate) > tail) count++
  return count
}

/** The smallest count that a binomial falls below with at most that probability. */
export function leastOf(trials: number, rate: number, tail: number): number {
  let count = 0
  while (count < trials && binomialCdf(count, trials, rate) <= tail) count++
  return count
}
