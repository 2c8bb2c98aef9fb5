import type { Interval } from './interval.js'
import type { UnpairedCounts } from './unpaired-counts.js'
import { wilsonInterval } from './wilson.js'

/**
 * Two-sided interval for the difference of two independent proportions, candidate minus baseline, from the Wilson limits
 * of both (Newcombe 1998, Statist. Med. 17:873-890, method 10, without continuity correction). It has no test; see
 * `miettinenNurminenTest`. An empty sample or more successes than trials -> undefined.
 */
export function newcombeInterval(counts: UnpairedCounts, level: number): Interval | undefined {
  const { candidateSuccesses, candidateTotal, baselineSuccesses, baselineTotal } = counts
  const candidate = wilsonInterval(candidateSuccesses, candidateTotal, level)
  const baseline = wilsonInterval(baselineSuccesses, baselineTotal, level)
  if (candidate === undefined || baseline === undefined) return undefined
  const one = candidateSuccesses / candidateTotal
  const other = baselineSuccesses / baselineTotal
  const difference = one - other
  return {
    low: Math.max(-1, difference - Math.hypot(one - candidate.low, baseline.high - other)),
    high: Math.min(1, difference + Math.hypot(candidate.high - one, other - baseline.low)),
    level,
    method: 'newcombe',
  }
}
