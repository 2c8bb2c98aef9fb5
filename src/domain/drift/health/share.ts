import { adjustPValues } from '../../stats/multiplicity.js'
import { incompleteBeta } from '../../stats/special/beta.js'
import type { HealthLevel } from './policy.js'
import type { HealthCheckStatus } from './result.js'

/**
 * P(X >= count) for X ~ Bin(n, limit): small when so many are more than chance makes of a true share at the limit. A
 * limit of 0 is broken by any, one of 1 by none.
 */
export function shareExceedsPValue(count: number, n: number, limit: number): number {
  if (count <= 0 || n <= 0) return 1
  if (limit <= 0) return 0
  return limit >= 1 ? 1 : incompleteBeta(limit, count, n - count + 1)
}

/** A share that is over its limit, to be judged together with others of its kind. */
export interface ShareCase {
  /** Whether the share that was observed is over the limit. */
  readonly over: boolean
  /** Whether it is over it by chance: small when it is not. */
  readonly pValue: number
}

/**
 * The status of each of several shares: one that is within its limit holds; one that is over it breaks it when that
 * is more than chance after Holm's correction over all of them, and is inconclusive otherwise.
 */
export function judgeShares(
  cases: readonly ShareCase[],
  { alpha, level }: { readonly alpha: number; readonly level: HealthLevel },
): readonly HealthCheckStatus[] {
  const adjusted = adjustPValues(
    cases.map(({ pValue }) => pValue),
    'holm',
  )
  return cases.map(({ over }, index) => {
    if (!over) return 'pass'
    return (adjusted[index] ?? 1) < alpha ? level : 'inconclusive'
  })
}
