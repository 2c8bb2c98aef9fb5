import { exactMannWhitney } from './mann-whitney-exact.js'
import { EqualRuns } from './merge.js'
import { normalSf } from './special/normal.js'

export interface MannWhitneyResult {
  /** U of the first sample: over how many pairs its value is the larger, ties half. */
  readonly statistic: number
  /** Two-sided. */
  readonly pValue: number
  readonly method: 'exact' | 'asymptotic'
}

/** With no more values than this in the smaller sample, and no ties, the p-value is exact, as in scipy. */
const MOST_EXACT = 8
/** The table of the exact law has half as many numbers as there are pairs. */
const MOST_PAIRS = 20_000_000

/**
 * Mann-Whitney U test on sorted finite samples, two-sided (Mann & Whitney 1947, Ann. Math. Statist. 18:50-60): whether one tends
 * to be larger. The same as scipy.stats.mannwhitneyu: exact for a sample of at most 8 without ties (here up to 20 million
 * pairs), else the normal law with the variance corrected for ties and a continuity correction. All values equal: p is 1.
 * Either sample empty: undefined.
 */
export function mannWhitney(a: Float64Array, b: Float64Array): MannWhitneyResult | undefined {
  const n = a.length
  const m = b.length
  if (n === 0 || m === 0) return undefined
  const { statistic, tieTerm } = countPairs(a, b)
  const larger = Math.max(statistic, n * m - statistic)
  if (tieTerm === 0 && Math.min(n, m) <= MOST_EXACT && n * m <= MOST_PAIRS) {
    return { statistic, pValue: exactMannWhitney(n, m, n * m - larger), method: 'exact' }
  }
  const size = n + m
  const variance = ((n * m) / 12) * (size + 1 - tieTerm / size / (size - 1))
  const allEqual = a[0] === b[0] && a[n - 1] === a[0] && b[m - 1] === b[0]
  const z = (larger - (n * m) / 2 - 0.5) / Math.sqrt(variance)
  const pValue = allEqual ? 1 : Math.min(1, 2 * normalSf(z))
  return { statistic, pValue, method: 'asymptotic' }
}

/** One pass: U of the first sample, and the sum of t³ - t over the runs of t equal values. */
function countPairs(
  a: Float64Array,
  b: Float64Array,
): { readonly statistic: number; readonly tieTerm: number } {
  // Twice U is whole: exact up to 2^53, which is 67 million values in each sample.
  let twice = 0
  let tieTerm = 0
  const runs = new EqualRuns(a, b)
  while (runs.next()) {
    const { i, j, nextA, nextB } = runs
    twice += (nextA - i) * (j + nextB)
    const ties = nextA - i + nextB - j
    if (ties > 1) tieTerm += ties * (ties * ties - 1)
  }
  return { statistic: twice / 2, tieTerm }
}
