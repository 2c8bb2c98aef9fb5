import { logGamma } from './special/log-gamma.js'

export interface SampleRatioInput {
  /** Requests that each version got, in one stretch of unchanged weights. */
  readonly counts: readonly number[]
  /** The weights that were set, in the same order; only their proportions matter. */
  readonly weights: readonly number[]
  /** How closely the prior sits around the weights: the sum of the Dirichlet parameters. */
  readonly concentration?: number | undefined
}

/**
 * E-value against "traffic is split as the weights say": Dirichlet-multinomial marginal likelihood, prior centred at
 * the weights, over the multinomial likelihood at the weights (Lindon and Malek 2022, arXiv:2011.03567). Valid
 * at every look. No traffic -> 1; a request at a version whose weight is 0 -> Infinity; a single version -> 1.
 */
export function sampleRatioEValue(input: SampleRatioInput): number {
  const { counts, weights } = input
  const concentration = input.concentration ?? 100
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (weights.length !== counts.length || !(total > 0)) {
    throw new RangeError('sample ratio: one weight a count, and at least one above 0')
  }
  let requests = 0
  let logValue = 0
  for (const [i, count] of counts.entries()) {
    const share = (weights[i] ?? 0) / total
    if (share === 0) {
      if (count > 0) return Number.POSITIVE_INFINITY
      continue
    }
    requests += count
    const prior = concentration * share
    logValue += logGamma(prior + count) - logGamma(prior) - count * Math.log(share)
  }
  return Math.exp(logValue + logGamma(concentration) - logGamma(concentration + requests))
}
