import { type Bound, endsOf } from './bound.js'
import type { Evidence } from './evidence.js'

/** The claim that a rule is broken, before any correction. */
export interface Claim {
  /** The end of the rule's band beyond which the value is claimed to lie. */
  readonly boundary: number
  /** Twice the one-sided p-value there. */
  readonly pValue: number
}

/**
 * The claim that the value lies outside the rule's band. With one end it is a one-sided claim at it. With two (equivalence)
 * it is the union of both, and twice the smaller one-sided p-value is valid by Bonferroni whatever the band's width: it is
 * exact as the width goes to zero, where it is the two-sided test, and conservative for wide bands.
 */
export function failClaim(bound: Bound, evidence: Evidence): Claim {
  let least: Claim = { boundary: endsOf(bound)[0] ?? 0, pValue: 1 }
  for (const boundary of endsOf(bound)) {
    const test = evidence.testAt(boundary)
    const pValue = Math.min(1, 2 * (boundary === bound.low ? test.below : test.above))
    if (pValue < least.pValue) least = { boundary, pValue }
  }
  return least
}
