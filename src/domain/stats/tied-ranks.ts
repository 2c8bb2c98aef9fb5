import { EqualRuns } from './merge.js'

export interface TiedDistance {
  /** The distance less its expectation, over its standard deviation; 0 where all values are equal. */
  readonly standardised: number
  /** The weighted sum of squares itself. */
  readonly distance: number
  /** Its standard deviation, 0 where all values are equal. */
  readonly deviation: number
}

/** `equal` as Cramér and von Mises weigh the gaps, `tails` as Anderson and Darling do: by their variance. */
type Weights = 'equal' | 'tails'

/**
 * The squared gaps between two sorted samples' distribution functions, at the middle of every run of equal values and with the
 * mean that permuting the samples gives, standardised by the mean and the (limit) variance that these ties leave: with few
 * distinct values the laws for continuous ones do not hold. Samples must not be empty.
 */
export function tiedDistance(a: Float64Array, b: Float64Array, weights: Weights): TiedDistance {
  const n = a.length
  const m = b.length
  const size = n + m
  const unit = (size - 1) / (n * size) / (m * size)
  let [distance, mean, own, pairs, prefix] = [0, 0, 0, 0, 0]
  const runs = new EqualRuns(a, b)
  while (runs.next()) {
    const { i, j, nextA, nextB } = runs
    const share = (nextA - i + nextB - j) / size
    const below = (i + j) / size + share / 2
    const spread = below * (1 - below) - share / 4
    const weight = weights === 'equal' || spread <= 0 ? share : share / spread
    const gap = (m * (i + nextA) - n * (j + nextB)) / 2
    distance += weight * gap * gap * unit
    mean += weight * spread
    own += (weight * spread) ** 2
    pairs += weight * (1 - below) ** 2 * prefix
    prefix += weight * below * below
  }
  const deviation = Math.sqrt(2 * own + 4 * pairs)
  return {
    standardised: deviation > 0 ? (distance - mean) / deviation : 0,
    distance,
    deviation,
  }
}
