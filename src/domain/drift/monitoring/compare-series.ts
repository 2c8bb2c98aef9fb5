import type { RandomSource } from '../../stats/random.js'
import { sortFinite } from '../../stats/sort.js'
import { normalisedWasserstein } from '../../stats/wasserstein.js'
import { numericHistogram } from '../histogram.js'
import { shortNumber } from '../wording.js'
import { correlationTime } from './autocorrelation.js'
import { blockPermutationTest, FEWEST_BLOCKS } from './block-permutation.js'
import { countedWindow } from './judge-limit.js'
import type { ValuesReading } from './operational-query.js'
import type { Finding } from './operational-result.js'
import { usableValues } from './series.js'

const PERMUTATIONS = 999

/**
 * Whether the values of two ranges are of one distribution: how far apart they are, in standard deviations of the earlier
 * range, and a permutation of blocks of time for its p-value, so that hundreds of values of one slow wave do not count as
 * hundreds. A distance over the limit has the level as its status until its p-value is corrected. Ranges that hold fewer
 * than six stretches without much to do with each other are `inconclusive`.
 */
export function compareSeries(reading: ValuesReading, random: RandomSource): Finding {
  const { query, now, before } = reading
  const current = usableValues(reading.current)
  const earlier = usableValues(reading.earlier)
  const base = {
    rule: 'compare-with' as const,
    of: 'wasserstein-normalised',
    limit: query.over,
    evidence: 'test' as const,
    window: countedWindow(now, current),
    before: before === undefined ? null : countedWindow(before, earlier),
  }
  const a = earlier?.finite ?? new Float64Array(0)
  const b = current?.finite ?? new Float64Array(0)
  if (a.length === 0 || b.length === 0) {
    const when = b.length === 0 ? 'in this time' : 'in the time that it is compared with'
    return { ...base, status: 'no-data', reason: `Prometheus has no data for it ${when}` }
  }
  return { ...base, ...compared(query, { earlier: a, current: b }, random) }
}

interface Pair {
  readonly earlier: Float64Array
  readonly current: Float64Array
}

function compared(
  query: ValuesReading['query'],
  { earlier, current }: Pair,
  random: RandomSource,
): Pick<Finding, 'status' | 'reason' | 'value' | 'pValue' | 'histogram'> {
  const sorted = { reference: sortFinite(earlier).sorted, current: sortFinite(current).sorted }
  const value = normalisedWasserstein(sorted.reference, sorted.current)
  if (value === undefined) {
    return { status: 'inconclusive', reason: 'the values are too large to be compared' }
  }
  const histogram = numericHistogram({ kind: 'numeric', ...sorted }, 'number')
  const shown = { value, histogram }
  const enough = Math.min(earlier.length, current.length) >= FEWEST_BLOCKS
  if (value === 0 && enough) return { ...shown, status: 'pass', reason: 'the values are the same' }
  const test = blockPermutationTest({
    reference: earlier,
    current,
    correlationTime: timeOf(earlier, current),
    permutations: PERMUTATIONS,
    random,
  })
  if (test === undefined) {
    const reason = `${earlier.length} and ${current.length} values that depend on those before them are too few to compare; a longer range would say more`
    return { ...shown, status: 'inconclusive', reason }
  }
  const far = value > query.over
  const moved = `wasserstein-normalised ${shortNumber(value)} is ${far ? 'over' : 'within'} ${query.over}`
  return { ...shown, pValue: test.pValue, status: far ? query.level : 'pass', reason: moved }
}

/** A level that never moves within a range shows nothing of how it moves between ranges. */
function timeOf(earlier: Float64Array, current: Float64Array): number {
  const still = [earlier, current].every((values) => values.every((value) => value === values[0]))
  return still ? Number.POSITIVE_INFINITY : correlationTime([earlier, current])
}
