import { exactCramerVonMises } from './cramer-von-mises-exact.js'
import { EqualRuns } from './merge.js'
import { cramerVonMisesSurvival } from './special/chi-square-mixture.js'
import { tiedDistance } from './tied-ranks.js'

export interface CramerVonMisesResult {
  readonly statistic: number
  readonly pValue: number
  readonly method: 'exact' | 'asymptotic' | 'tied'
}

/** Up to this many values in the larger sample the p-value is exact, as in scipy. */
const MOST_EXACT = 20

/**
 * Two-sample Cramér-von Mises test on sorted finite samples, ties by midranks (Anderson 1962, Ann. Math. Statist. 33:1148-1159):
 * the mean squared difference of the two distribution functions. The same as scipy.stats.cramervonmises_2samp(method='auto'):
 * exact up to 20 values (given no ties), beyond that the limit law at the statistic with matched mean and variance, here
 * with its digits in the far tail. With ties and samples of different sizes that statistic also counts the ties: of a
 * constant column it is (n - m)²/(12 n m) per value, and scipy's p-value 0. Where that part is over 0.005 the statistic
 * here is that of the distribution functions at the middle of ties, and the p-value the limit law's at its own mean and
 * variance. Fewer than two values in a sample: undefined.
 */
export function cramerVonMises(a: Float64Array, b: Float64Array): CramerVonMisesResult | undefined {
  const n = a.length
  const m = b.length
  if (n < 2 || m < 2) return undefined
  const { sum, crowding } = squaredGaps(a, b)
  if (((n + m) / n / m / 12) * (n - m) ** 2 * crowding > MOST_FROM_TIES) return betweenTies(a, b)
  const statistic = sum / n / m / (n + m)
  if (Math.max(n, m) <= MOST_EXACT) {
    return { statistic, pValue: exactCramerVonMises({ n, m, sum }), method: 'exact' }
  }
  return { statistic, pValue: limitPValue(statistic, n, m), method: 'asymptotic' }
}

/** What ties alone may add to the statistic. */
const MOST_FROM_TIES = 0.005

function betweenTies(a: Float64Array, b: Float64Array): CramerVonMisesResult {
  const size = a.length + b.length
  const { distance, standardised, deviation } = tiedDistance(a, b, 'equal')
  // The limit law has mean 1/6 and variance 1/45.
  const limit = cramerVonMisesSurvival(1 / 6 + standardised / Math.sqrt(45))
  const constant = deviation === 0 || distance === 0
  return {
    statistic: (distance * size) / (size - 1),
    pValue: constant ? 1 : limit,
    method: 'tied',
  }
}

/**
 * n m (n + m) times the statistic, in one pass. The sum of squared rank differences that defines it is millions of
 * times larger than what is left of it after its constant is taken off, so each run of ties adds only what it is more than its share
 * of that constant: without ties, the squared gap m i - n j over n + m.
 */
function squaredGaps(
  a: Float64Array,
  b: Float64Array,
): { readonly sum: number; readonly crowding: number } {
  const n = a.length
  const m = b.length
  const size = n + m
  let sum = 0
  let single = 0
  let crowding = 0
  const runs = new EqualRuns(a, b)
  while (runs.next()) {
    const { i, j, nextA, nextB } = runs
    const gap = m * i - n * j
    const ties = nextA - i + nextB - j
    if (ties === 1) {
      const after = m * nextA - n * nextB
      single += after * after
    } else {
      sum += tiedRun({ n, m, gap, inA: nextA - i, inB: nextB - j })
      crowding += (ties / size) ** 3
    }
  }
  return { sum: sum + single / size, crowding }
}

interface TiedRun {
  readonly n: number
  readonly m: number
  /** m i - n j before the run. */
  readonly gap: number
  readonly inA: number
  readonly inB: number
}

/** What a run of equal values adds, with midranks, over its share of the constant. */
function tiedRun({ n, m, gap, inA, inB }: TiedRun): number {
  const ties = inA + inB
  const ofA = (inA * (ties + 1) * (inB - inA - 1)) / 4 + squares(inA)
  const ofB = (inB * (ties + 1) * (inA - inB - 1)) / 4 - inA * inA * inB + squares(inB)
  const middle = gap + m * inA
  const stepsA = inA * gap * gap + gap * m * inA * (inA + 1) + m * m * squares(inA)
  const stepsB = inB * middle * middle - middle * n * inB * (inB + 1) + n * n * squares(inB)
  return n * ofA + m * ofB - inA * inB * gap + (stepsA + stepsB) / (n + m)
}

/** 1² + … + k². */
function squares(k: number): number {
  return (k * (k + 1) * (2 * k + 1)) / 6
}

/** Anderson's equations 11, 14 and 15. */
function limitPValue(statistic: number, n: number, m: number): number {
  const size = n + m
  const mean = (1 + 1 / size) / 6
  const pairs = n * m
  const variance =
    ((size + 1) / size) *
    ((4 * pairs * size - 3 * (n * n + m * m) - 2 * pairs) / (180 * size * pairs))
  return cramerVonMisesSurvival(1 / 6 + (statistic - mean) / Math.sqrt(45 * variance))
}
