import { bcaInterval } from '../stats/bootstrap.js'
import { normalCdf, normalMultiplier, normalQuantile } from '../stats/special/normal.js'
import { studentTCdf, studentTQuantile } from '../stats/special/student-t.js'
import {
  type BoundaryTest,
  cutInterval,
  type Finding,
  type Question,
  standardised,
} from './evidence.js'
import { type Degenerate, degenerateEvidence } from './measure-degenerate.js'

/** Resamples in which the metric has no value may be left out up to this share. */
const MOST_UNDEFINED = 0.05
/** The ends' Monte Carlo error is to stay under this share of the margin. */
const ERROR_OF_MARGIN = 0.1
/** The error is the deviation of this many parts of the resamples from each other. */
const PARTS = 10
/** More rounds of drawing than this are not needed: each aims at the number that the last one's error asks for. */
const ROUNDS = 4

export interface Bootstrap {
  readonly values: Degenerate
  readonly estimate: number
  readonly acceleration: number | undefined
  /** Of the variance that the resamples show; few where few examples matter. Absent: very many. */
  readonly degreesOfFreedom?: number | undefined
  /** So many further resamples; not a number where the metric has no value. */
  readonly draw: (resamples: number) => Float64Array
  /** Resamples to begin with, and at most. */
  readonly first: number
  readonly most: number
}

/**
 * A BCa interval, and tests by its inversion: the one-sided p-value at a boundary is the level at which the interval's
 * end would fall on it (Efron & Tibshirani 1993, section 15.5; DiCiccio & Efron 1996). Where every resample lies on one side,
 * the p-value is the normal tail in bootstrap standard errors, at most 1 / (resamples + 1). Resampled until the Monte
 * Carlo error of both ends is under a tenth of the question's margin. The ends are those of the level at which a normal
 * deviation is Student's, as the variance is an estimate too (Hesterberg 2015, Amer. Statist. 69:371-386, "expanded").
 */
export function bootstrapEvidence(question: Question, bootstrap: Bootstrap): Finding {
  const { estimate, acceleration } = bootstrap
  const drawn = drawEnough(question, bootstrap)
  const replicates = drawn.filter(Number.isFinite).sort()
  const lost = drawn.length - replicates.length
  if (lost > MOST_UNDEFINED * drawn.length) {
    const share = Math.round((100 * lost) / drawn.length)
    return { reason: `it has no value in ${share}% of bootstrap resamples: too little data` }
  }
  if (isConstant(replicates, sizeOfValues(question, bootstrap)))
    return degenerateEvidence(question, bootstrap.values)
  const df = bootstrap.degreesOfFreedom ?? Number.POSITIVE_INFINITY
  const level = expandedLevel(question.level, df)
  const found = bcaInterval({ estimate, replicates, jackknife: undefined, acceleration, level })
  const method = `bootstrap-${found.method}`
  const testAt = inversionTest({ estimate, replicates, acceleration, df })
  if (question.metric.biased === true) {
    return widened(question, {
      estimate,
      replicates,
      low: found.low,
      high: found.high,
      method,
      testAt,
    })
  }
  return { evidence: { interval: cutInterval(question, { ...found, method }), testAt } }
}

/** Beyond this Student's distribution is the normal one, to all digits that resamples have. */
const MANY_DEGREES = 10_000

function expandedLevel(level: number, df: number): number {
  if (!(df < MANY_DEGREES)) return level
  return 1 - 2 * normalCdf(studentTQuantile((1 - level) / 2, Math.max(1, df)))
}

/** The share of Student's distribution for that of the normal one. */
function studentShare(share: number, df: number): number {
  return df < MANY_DEGREES ? studentTCdf(normalQuantile(share), Math.max(1, df)) : share
}

interface Found {
  readonly estimate: number
  readonly replicates: Float64Array
  readonly low: number
  readonly high: number
  readonly method: string
  readonly testAt: (boundary: number) => BoundaryTest
}

/**
 * The hull of the normal intervals around the estimate and around what it is without the bootstrap's estimate of its bias, between
 * which the truth is, and of BCa's where its ends are known. In 400 samples of 500 examples BCa alone held the true
 * calibration error 90% of the time and a difference of two 88%, the hull of the normal intervals 95 to 97%.
 */
function widened(question: Question, found: Found): Finding {
  const { estimate, replicates, testAt } = found
  const z = normalMultiplier(question.level)
  const standardError = deviationOf(replicates)
  const unbiased = 2 * estimate - meanOf(replicates)
  const bca = isResolved(replicates, estimate, z) ? found : undefined
  const half = z * standardError
  const ends = {
    low: Math.min(bca?.low ?? estimate, estimate - half, unbiased - half),
    high: Math.max(bca?.high ?? estimate, estimate + half, unbiased + half),
    method: `${bca?.method ?? 'bootstrap'}-normal`,
  }
  return {
    evidence: {
      interval: cutInterval(question, ends),
      testAt: (boundary) => {
        const resampled = bca && testAt(boundary)
        const statistic = standardised(estimate - boundary, standardError)
        const corrected = standardised(unbiased - boundary, standardError)
        const below = normalCdf(Math.max(statistic, corrected))
        const above = normalCdf(-Math.min(statistic, corrected))
        return hullTest(statistic, {
          below: Math.max(resampled?.below ?? 0, below),
          above: Math.max(resampled?.above ?? 0, above),
        })
      },
    },
  }
}

function hullTest(
  statistic: number,
  { below, above }: { readonly below: number; readonly above: number },
): BoundaryTest {
  const pValue = Math.min(1, 2 * Math.min(below, above))
  return { name: 'bootstrap-normal', statistic, pValue, below, above }
}

/** Resamples that must lie beyond an end for it to be known. */
const FEWEST_BEYOND = 5

/** Whether the farther of BCa's ends, which a large bias puts far out, still has resamples beyond it. */
function isResolved(sorted: Float64Array, estimate: number, z: number): boolean {
  const bias = Math.abs(normalQuantile(shareBelow(sorted, estimate)))
  return sorted.length * normalCdf(-2 * bias - z) >= FEWEST_BEYOND
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** Draws until the ends are known well enough for the margin, or the cap is reached. */
function drawEnough(question: Question, bootstrap: Bootstrap): Float64Array {
  const tolerance = ERROR_OF_MARGIN * Math.abs(question.margin ?? 0)
  let drawn = bootstrap.draw(bootstrap.first)
  for (let round = 0; round < ROUNDS && tolerance > 0; round++) {
    const error = errorOfEnds(question, bootstrap, drawn)
    if (!(error > tolerance) || drawn.length >= bootstrap.most) break
    // A little more than asked for, since the error is itself an estimate.
    const wanted = Math.ceil(1.2 * drawn.length * (error / tolerance) ** 2)
    const more = bootstrap.draw(Math.min(bootstrap.most, wanted) - drawn.length)
    const all = new Float64Array(drawn.length + more.length)
    all.set(drawn)
    all.set(more, drawn.length)
    drawn = all
  }
  return drawn
}

/** The larger Monte Carlo standard error of the two ends: the parts' deviation, over the root of their number. */
function errorOfEnds(question: Question, bootstrap: Bootstrap, drawn: Float64Array): number {
  const { estimate, acceleration } = bootstrap
  const { level } = question
  const size = Math.floor(drawn.length / PARTS)
  const lows = new Float64Array(PARTS)
  const highs = new Float64Array(PARTS)
  for (let part = 0; part < PARTS; part++) {
    const replicates = drawn.subarray(part * size, (part + 1) * size)
    const ends = bcaInterval({ estimate, replicates, jackknife: undefined, acceleration, level })
    lows[part] = ends.low
    highs[part] = ends.high
  }
  return Math.max(deviationOf(lows), deviationOf(highs)) / Math.sqrt(PARTS)
}

/** Resamples that are all equal, but for rounding of numbers of that size. */
function isConstant(sorted: Float64Array, size: number): boolean {
  return (sorted.at(-1) ?? 0) - (sorted[0] ?? 0) <= 1e-12 * size
}

/** How large the numbers are: 1 for shares and ratios, and any size for others. */
function sizeOfValues({ metric, of }: Question, { estimate, values }: Bootstrap): number {
  if (of === 'ratio' || metric.range.every(Number.isFinite)) return Math.max(1, Math.abs(estimate))
  return Math.max(Math.abs(values.candidate), Math.abs(values.baseline ?? 0))
}

interface Inversion {
  readonly df: number
  readonly estimate: number
  readonly replicates: Float64Array
  readonly acceleration: number | undefined
}

function inversionTest(inversion: Inversion): (boundary: number) => BoundaryTest {
  const { estimate, replicates } = inversion
  const bias = normalQuantile(shareBelow(replicates, estimate))
  const corrected = inversion.acceleration !== undefined && Number.isFinite(bias)
  const z0 = corrected ? bias : 0
  const a = corrected ? (inversion.acceleration ?? 0) : 0
  const standardError = deviationOf(replicates)
  return (boundary) => {
    const statistic = standardised(estimate - boundary, standardError)
    const share = shareBelow(replicates, boundary)
    const above =
      share > 0 && share < 1
        ? studentShare(bcaLevel(normalQuantile(share) - z0, z0, a), inversion.df)
        : tailBeyond(share, statistic, replicates.length)
    const pValue = Math.min(1, 2 * Math.min(above, 1 - above))
    return { name: 'bootstrap', statistic, pValue, below: 1 - above, above }
  }
}

/** The one-sided level whose BCa end has this deviation among the resamples. */
function bcaLevel(deviation: number, z0: number, a: number): number {
  const scale = 1 + a * deviation
  // Beyond the pole the interval's end can never get there: no evidence on that side.
  if (scale <= 0) return deviation < 0 ? 0 : 1
  return normalCdf(deviation / scale - z0)
}

/** One-sided p-value of "above" where no resample lies on the boundary's far side. */
function tailBeyond(share: number, statistic: number, resamples: number): number {
  const p = Math.min(1 / (resamples + 1), normalCdf(-Math.abs(statistic)))
  return share === 0 ? p : 1 - p
}

/** The share of the sorted values below a number, ties by half. */
function shareBelow(sorted: Float64Array, value: number): number {
  const below = countWhere(sorted, (one) => one < value)
  const upTo = countWhere(sorted, (one) => one <= value)
  return (below + upTo) / (2 * sorted.length)
}

/** How many leading values of a sorted array hold. */
function countWhere(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(sorted[middle] ?? 0)) low = middle + 1
    else high = middle
  }
  return low
}

/** The standard deviation of values; 0 of fewer than two. */
export function deviationOf(values: Float64Array): number {
  if (values.length < 2) return 0
  const mean = meanOf(values)
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / (values.length - 1))
}
