import { tieEnd } from '../../stats/placements.js'
import { keptOrder } from '../../stats/sort-order.js'
import type { Expected } from './expected.js'

interface Sums {
  readonly positives: number
  readonly negatives: number
  /** Pairs of a positive and another row that is negative: all, and those ranked right (ties count half). */
  readonly pairs: number
  readonly right: number
}

/**
 * The area under the ROC curve that labels would show if a row were positive with its probability: expected right pairs over expected
 * pairs (the expected-confusion method of NannyML's CBPE, without the pairs of a row with itself, so that few rows do no harm).
 * Its variance is that of the independent labels, linearised. No pairs -> undefined.
 */
export function expectedAuc(scores: Float64Array, probabilities: Float64Array): Expected {
  const order = keptOrder(scores)
  const sums = pairSums(order, scores, probabilities)
  if (!(sums.pairs > 0)) return { reason: 'the scores expect one class only' }
  const value = sums.right / sums.pairs
  let variance = 0
  let above = sums.positives
  let below = 0
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(order, scores, start)
    const tied = tiedSums(order, probabilities, { start, end })
    above -= tied.positives
    for (let i = start; i < end; i++) {
      const p = probabilities[order[i] ?? 0] ?? 0
      // What one label more adds to the right pairs, and to all pairs.
      const won = below + (tied.negatives - (1 - p)) / 2
      const lost = above + (tied.positives - p) / 2
      const added = sums.negatives - (1 - p) - (sums.positives - p)
      const influence = (won - lost - value * added) / sums.pairs
      variance += p * (1 - p) * influence * influence
    }
    below += tied.negatives
    start = end
  }
  return { value, variance }
}

function pairSums(order: Uint32Array, scores: Float64Array, probabilities: Float64Array): Sums {
  let positives = 0
  let negatives = 0
  let right = 0
  let own = 0
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(order, scores, start)
    const tied = tiedSums(order, probabilities, { start, end })
    right += tied.positives * (negatives + tied.negatives / 2) - tied.own / 2
    own += tied.own
    positives += tied.positives
    negatives += tied.negatives
    start = end
  }
  return { positives, negatives, pairs: positives * negatives - own, right }
}

function tiedSums(
  order: Uint32Array,
  probabilities: Float64Array,
  { start, end }: { readonly start: number; readonly end: number },
) {
  let positives = 0
  let own = 0
  for (let i = start; i < end; i++) {
    const p = probabilities[order[i] ?? 0] ?? 0
    positives += p
    own += p * (1 - p)
  }
  return { positives, negatives: end - start - positives, own }
}
