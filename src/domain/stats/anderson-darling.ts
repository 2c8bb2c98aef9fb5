import { EqualRuns } from './merge.js'
import { andersonDarlingSurvival } from './special/chi-square-mixture.js'
import { logChoose } from './special/hypergeometric.js'
import { tiedDistance } from './tied-ranks.js'

export interface AndersonDarlingResult {
  /** The statistic less its expectation 1, over its standard deviation at these sizes. */
  readonly statistic: number
  readonly pValue: number
}

/** The standard deviation of the statistic needs four values. */
const FEWEST = 4

/**
 * Two-sample Anderson-Darling test on sorted finite samples, ties by midranks (Scholz & Stephens 1987, JASA 82:918-924, eq.
 * 7): like Kolmogorov-Smirnov, but as sensitive in the tails as in the middle. The statistic is that of
 * scipy.stats.anderson_ksamp(variant='midrank'), and so is the p-value from 0.25 to about 0.001, where their quadratic in the
 * published critical values is defined; outside it the limit law continues it (see `significance`). With few distinct
 * values (fewer than about ten) scipy's p-value alarms up to twice as often as it says: there ours is that of the statistic
 * standardised by the variance that the ties leave. All values equal: p is 1. A sample empty or fewer than four values in
 * all: undefined.
 */
export function andersonDarling(
  a: Float64Array,
  b: Float64Array,
): AndersonDarlingResult | undefined {
  const sizes = a.length + b.length
  if (a.length === 0 || b.length === 0 || sizes < FEWEST) return undefined
  const { distance, crowding } = squaredDistance(a, b)
  const statistic = (distance - 1) / deviationOf(a.length, b.length)
  const corrected = crowding > CROWDED ? tieCorrected(a, b) : undefined
  return { statistic, pValue: significance(corrected ?? statistic, a.length, b.length) }
}

/** Under this sum of cubed shares of runs of equal values, ties do not show in the law. */
const CROWDED = 0.002
/** How far the standard deviation may be off before the p-value is another. */
const TOLERATED = 1.1

/** The statistic in standard deviations that these ties leave, where that matters. */
function tieCorrected(a: Float64Array, b: Float64Array): number | undefined {
  const tied = tiedDistance(a, b, 'tails')
  // All values are equal: nothing could be less significant.
  if (tied.deviation === 0) return Number.NEGATIVE_INFINITY
  return tied.deviation > TOLERATED * LIMIT_DEVIATION ? tied.standardised : undefined
}

/** A² in one pass over both samples; with two samples both terms of equation 7 have the same numerator. */
function squaredDistance(
  a: Float64Array,
  b: Float64Array,
): { readonly distance: number; readonly crowding: number } {
  const n = a.length
  const m = b.length
  const size = n + m
  let sum = 0
  let crowding = 0
  const runs = new EqualRuns(a, b)
  while (runs.next()) {
    const { i, j, nextA, nextB } = runs
    const ties = nextA - i + nextB - j
    const below = i + j + ties / 2
    const spread = below * (size - below) - (size * ties) / 4
    const gap = (m * (i + nextA) - n * (j + nextB)) / 2
    if (ties > 1) crowding += (ties / size) ** 3
    if (gap !== 0) sum += ((ties * gap) / spread) * gap
  }
  return { distance: (sum * (size - 1)) / size / n / m, crowding }
}

/** The standard deviation of A² at these sizes (Scholz & Stephens 1987, eq. 4, for two samples). */
function deviationOf(n: number, m: number): number {
  const size = n + m
  const inverse = 1 / n + 1 / m
  const h = harmonic(size - 1)
  const all = harmonic(size)
  // Their double sum g over i < j of 1 / ((N - i) j), in closed form.
  const g = h * h - all * all + harmonicOfSquares(size)
  const a = 4 * g - 6 + (10 - 6 * g) * inverse
  const b = 4 * (2 * g - 4) + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6
  const c = 4 * (6 * h + 2 * g - 2) + 2 * (4 * h - 4 * g + 6) + (2 * h - 6) * inverse + 4 * h
  const d = 4 * (2 * h + 6) - 8 * h
  const cubic = ((a * size + b) * size + c) * size + d
  return Math.sqrt(cubic / ((size - 1) * (size - 2) * (size - 3)))
}

const EULER = 0.5772156649015329
/** From here on the Euler-Maclaurin terms below are exact in double precision. */
const SUM_BELOW = 200

function harmonic(n: number): number {
  if (n < SUM_BELOW) return powerSum(n, 1)
  const square = 1 / (n * n)
  return Math.log(n) + EULER + 1 / (2 * n) - square / 12 + (square * square) / 120
}

function harmonicOfSquares(n: number): number {
  if (n < SUM_BELOW) return powerSum(n, 2)
  const x = 1 / n
  return (Math.PI * Math.PI) / 6 - x + (x * x) / 2 - x ** 3 / 6 + x ** 5 / 30
}

function powerSum(n: number, power: 1 | 2): number {
  let sum = 0
  for (let i = n; i >= 1; i--) sum += power === 1 ? 1 / i : 1 / (i * i)
  return sum
}

/** Critical values for two samples (Scholz & Stephens 1987, table 2) of 0.25, 0.1, 0.05, 0.025, 0.01, 0.005 and 0.001. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: 2.718 is the table's, by chance near e.
const CRITICAL = [0.325, 1.226, 1.961, 2.718, 3.752, 4.592, 6.546] as const
const LEVELS = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001] as const
const LOWEST = CRITICAL[0]
const HIGHEST = CRITICAL[6]
const QUADRATIC = fitQuadratic()

/** Least squares of log(level) on the critical values, as scipy fits it. */
function fitQuadratic(): { readonly c0: number; readonly c1: number; readonly c2: number } {
  const sums = [0, 0, 0, 0, 0]
  const right = [0, 0, 0]
  for (const [i, x] of CRITICAL.entries()) {
    const y = Math.log(LEVELS[i] ?? 1)
    for (let power = 0; power < 5; power++) sums[power] = (sums[power] ?? 0) + x ** power
    for (let power = 0; power < 3; power++) right[power] = (right[power] ?? 0) + y * x ** power
  }
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0] = sums
  const [r0 = 0, r1 = 0, r2 = 0] = right
  const minors = [s2 * s4 - s3 * s3, s1 * s4 - s2 * s3, s1 * s3 - s2 * s2] as const
  const determinant = s0 * minors[0] - s1 * minors[1] + s2 * minors[2]
  const c0 = (r0 * minors[0] - r1 * minors[1] + r2 * minors[2]) / determinant
  const c1 = (-r0 * minors[1] + r1 * (s0 * s4 - s2 * s2) - r2 * (s0 * s3 - s1 * s2)) / determinant
  const c2 = (r0 * minors[2] - r1 * (s0 * s3 - s1 * s2) + r2 * (s0 * s2 - s1 * s1)) / determinant
  return { c0, c1, c2 }
}

function interpolated(statistic: number): number {
  const { c0, c1, c2 } = QUADRATIC
  return Math.exp(c0 + statistic * (c1 + statistic * c2))
}

/** The standard deviation of the limit law: sqrt(2 (pi² - 9) / 3). */
const LIMIT_DEVIATION = Math.sqrt((2 * (Math.PI * Math.PI - 9)) / 3)

function limitSurvival(statistic: number): number {
  return andersonDarlingSurvival(1 + LIMIT_DEVIATION * statistic)
}

/**
 * The interpolated p-value between the published critical values. Beyond them it would be clipped, and no correction for many
 * columns could ever find anything under 0.001: there the limit law goes on from the value at the border, so that the
 * p-value has no jump and falls with the statistic. It never falls under the chance of the most extreme order of values.
 */
function significance(statistic: number, n: number, m: number): number {
  if (statistic > HIGHEST) {
    const border = interpolated(HIGHEST)
    const tail = (border * limitSurvival(statistic)) / limitSurvival(HIGHEST)
    return Math.max(tail, Math.min(border, Math.exp(-logChoose(n + m, n))))
  }
  if (statistic >= LOWEST) return interpolated(statistic)
  const below = (1 - limitSurvival(statistic)) / (1 - limitSurvival(LOWEST))
  return 1 - (1 - interpolated(LOWEST)) * below
}
