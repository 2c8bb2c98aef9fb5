import { binomialCdf } from '../../stats/special/binomial.js'

/** Counts that a rate makes likely. */
export interface Band {
  readonly low: number
  readonly high: number
}

/** The smallest counts whose tails hold (1 - level) / 2 each: where a count of `trials` at `rate` falls with that level. */
export function binomialBand(trials: number, rate: number, level: number): Band {
  const tail = (1 - level) / 2
  return { low: quantile(trials, rate, tail), high: quantile(trials, rate, 1 - tail) }
}

function quantile(trials: number, rate: number, share: number): number {
  let count = 0
  while (count < trials && binomialCdf(count, trials, rate) < share) count++
  return count
}
