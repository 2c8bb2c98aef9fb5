import { compareSorted, type LargestGap } from './compare-sorted.js'
import { exactDifferentSizes, exactEqualSizes } from './ks-exact.js'
import { tiedPValue } from './ks-ties.js'
import { kolmogorovSurvival } from './special/kolmogorov.js'
import type { TiedRun } from './tied-runs.js'

export interface KsResult {
  /** The largest difference between the two distribution functions. */
  readonly statistic: number
  readonly pValue: number
  readonly method: 'exact' | 'asymptotic'
  /** The smallest value at which the difference is that large. */
  readonly location: number
}

/** Up to this many values in the larger sample the p-value is exact, as in scipy. */
const MOST_EXACT = 10_000

/**
 * Two-sample, two-sided Kolmogorov-Smirnov test on sorted finite samples. The p-value is exact (given no ties;
 * conservative with ties) when neither sample is over 10,000 values, else from the distribution of the one-sample
 * statistic at the effective size n m / (n + m): the same as scipy.stats.ks_2samp(method='auto').
 * Either sample empty: undefined.
 */
export function ksTwoSample(a: Float64Array, b: Float64Array): KsResult | undefined {
  const gap = compareSorted(a, b)?.gap
  return gap && { ...ksOfGap(a.length, b.length, gap), location: gap.location }
}

/** A largest difference, and of values that are not all different the runs of equal ones, where these are known. */
interface Gap extends Pick<LargestGap, 'statistic' | 'steps'> {
  readonly ties?: readonly TiedRun[] | undefined
}

/**
 * The same from the largest difference of the distribution functions of samples of n and m values; with ties by the law that these
 * leave, under which the p-value is not conservative.
 */
export function ksOfGap(n: number, m: number, gap: Gap): Omit<KsResult, 'location'> {
  const usual = ksWithoutTies(n, m, gap)
  const { steps, ties = [] } = gap
  return { ...usual, pValue: tiedPValue({ n, m, steps, ties }, usual.pValue) }
}

function ksWithoutTies(
  n: number,
  m: number,
  { statistic, steps }: Gap,
): Omit<KsResult, 'location'> {
  if (Math.max(n, m) <= MOST_EXACT) {
    const exact = exactPValue(n, m, steps)
    if (exact !== undefined) return { ...exact, method: 'exact' }
  }
  const effective = roundHalfEven((n * m) / (n + m))
  return { statistic, pValue: kolmogorovSurvival(effective, statistic), method: 'asymptotic' }
}

/** undefined where rounding spoilt the answer, as scipy then turns to the asymptotic law. */
function exactPValue(
  n: number,
  m: number,
  steps: number,
): { statistic: number; pValue: number } | undefined {
  const divisor = greatestCommonDivisor(n, m)
  const h = steps / divisor
  const statistic = h / ((n / divisor) * m)
  if (h === 0) return { statistic, pValue: 1 }
  const pValue = n === m ? exactEqualSizes(n, h) : exactDifferentSizes({ n, m, divisor, h })
  return pValue >= 0 && pValue <= 1 ? { statistic, pValue } : undefined
}

function greatestCommonDivisor(a: number, b: number): number {
  let large = a
  let small = b
  while (small > 0) {
    const rest = large % small
    large = small
    small = rest
  }
  return large
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}
