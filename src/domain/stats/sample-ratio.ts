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

/** The sample ratio of one step, kept in as many numbers as there are versions. */
export interface SampleRatioProcess {
  /** Takes the requests that each version got since the last look; returns the e-value so far. */
  update(counts: readonly number[]): number
  /** The requests so far: all that it needs to go on. */
  readonly state: readonly number[]
}

/** `sampleRatioEValue` look by look, in one stretch of unchanged weights: a step with other weights starts anew. */
export function createSampleRatio(
  input: Omit<SampleRatioInput, 'counts'> & { readonly state?: readonly number[] | undefined },
): SampleRatioProcess {
  const { weights, concentration } = input
  const counts = [...(input.state ?? weights.map(() => 0))]
  const add = (more: readonly number[]) => {
    if (more.length !== counts.length) throw new RangeError('sample ratio: one count a weight')
    for (const [i, count] of more.entries()) counts[i] = (counts[i] ?? 0) + count
  }
  return {
    update(more) {
      add(more)
      return sampleRatioEValue({ counts, weights, concentration })
    },
    get state() {
      return [...counts]
    },
  }
}
