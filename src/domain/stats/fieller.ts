import type { ScoreTest } from './score-test.js'
import { normalCdf, normalMultiplier } from './special/normal.js'
import { studentTCdf, studentTQuantile } from './special/student-t.js'

/** Two estimates with their variances, of which the ratio is asked for. */
export interface RatioInput {
  readonly candidate: number
  readonly baseline: number
  readonly candidateVariance: number
  readonly baselineVariance: number
  /** 0 for independent samples. */
  readonly covariance: number
  /** Absent: the estimates are normal. */
  readonly degreesOfFreedom?: number | undefined
  readonly level: number
}

export interface RatioEstimate {
  /** candidate / baseline. */
  readonly ratio: number
  /** -Infinity where the set is unbounded below. */
  readonly low: number
  /** Infinity where the set is unbounded above. */
  readonly high: number
  /**
   * `interval`: all ratios from low to high. The others come from a baseline that may well be 0. `outside`: all ratios but
   * those inside `excluded`. `everything`: no ratio is excluded.
   */
  readonly shape: 'interval' | 'outside' | 'everything'
  /** The open interval of ratios that `outside` leaves out. */
  readonly excluded?: { readonly low: number; readonly high: number } | undefined
  readonly level: number
  /** Of the hypothesis that the true ratio is `ratio`; the baseline's true value is taken to have its estimate's sign. */
  testAt(ratio: number): ScoreTest
}

/**
 * The input around the estimated ratio r: variances of the residual candidate - r baseline and its covariance with the
 * baseline, in which nothing cancels.
 */
export interface ResidualMoments {
  readonly ratio: number
  readonly baseline: number
  readonly residualVariance: number
  readonly residualCovariance: number
  readonly baselineVariance: number
  readonly degreesOfFreedom: number
  readonly level: number
}

const EVERYTHING = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  shape: 'everything',
} as const

type FiellerSet = Pick<RatioEstimate, 'low' | 'high' | 'shape' | 'excluded'>

/** The ratios r + d with (d b)^2 <= t^2 (residual variance - 2 d covariance + d^2 baseline variance). */
function fiellerSet(moments: ResidualMoments): FiellerSet {
  const { ratio, baseline, residualVariance, residualCovariance, baselineVariance } = moments
  if (residualVariance === 0) return { low: ratio, high: ratio, shape: 'interval' }
  const t =
    moments.degreesOfFreedom === Number.POSITIVE_INFINITY
      ? normalMultiplier(moments.level)
      : -studentTQuantile((1 - moments.level) / 2, moments.degreesOfFreedom)
  // Divided by the baseline's square, so that no unit is too small or too large to be squared.
  const a = 1 - t * t * (baselineVariance / baseline / baseline)
  const b = t * t * (residualCovariance / baseline / baseline)
  const c = t * t * (residualVariance / baseline / baseline)
  const discriminant = b * b + a * c
  if (a > 0) {
    const root = Math.sqrt(Math.max(0, discriminant))
    return {
      low: ratio + stable(-b - root, { a, b, c }),
      high: ratio + stable(-b + root, { a, b, c }),
      shape: 'interval',
    }
  }
  if (a === 0 && b !== 0) {
    const end = ratio + c / (2 * b)
    return b > 0
      ? { low: Number.NEGATIVE_INFINITY, high: end, shape: 'interval' }
      : { low: end, high: Number.POSITIVE_INFINITY, shape: 'interval' }
  }
  if (!(discriminant > 0)) return EVERYTHING
  const root = Math.sqrt(discriminant)
  const ends = [ratio + (-b - root) / a, ratio + (-b + root) / a] as const
  return {
    ...EVERYTHING,
    shape: 'outside',
    excluded: { low: Math.min(...ends), high: Math.max(...ends) },
  }
}

/** A root of a d^2 + 2 b d - c = 0 from its numerator; by the product of roots where the numerator cancelled. */
function stable(numerator: number, { a, b, c }: { a: number; b: number; c: number }): number {
  const other = -b - (numerator + b)
  return Math.abs(numerator) >= Math.abs(other) || other === 0 ? numerator / a : -c / other
}

function testOf(moments: ResidualMoments, tested: number): ScoreTest {
  const shift = tested - moments.ratio
  const variance =
    moments.residualVariance -
    2 * shift * moments.residualCovariance +
    shift * shift * moments.baselineVariance
  const deviation = shift === 0 ? 0 : -shift * Math.abs(moments.baseline)
  const error = moments.residualVariance === 0 ? 0 : Math.sqrt(Math.max(0, variance))
  const statistic = deviation === 0 ? 0 : deviation / error
  const df = moments.degreesOfFreedom
  const cdf = df === Number.POSITIVE_INFINITY ? normalCdf : (x: number) => studentTCdf(x, df)
  const below = cdf(statistic)
  const above = cdf(-statistic)
  return { statistic, pValue: Math.min(1, 2 * Math.min(below, above)), below, above }
}

/** Fieller's set and test from moments around the estimated ratio. A baseline of 0 or a number not finite -> undefined. */
export function fiellerFromResiduals(moments: ResidualMoments): RatioEstimate | undefined {
  const { ratio, baseline, residualVariance, residualCovariance, baselineVariance } = moments
  const numbers = [ratio, baseline, residualVariance, residualCovariance, baselineVariance]
  if (baseline === 0 || !numbers.every(Number.isFinite)) return undefined
  if (!(moments.degreesOfFreedom > 0)) return undefined
  return {
    ratio,
    ...fiellerSet(moments),
    level: moments.level,
    testAt: (tested) => testOf(moments, tested),
  }
}

/**
 * Confidence set for the ratio of two estimates (Fieller 1954, J. R. Statist. Soc. B 16:175-185): all ratios that the test
 * of candidate - ratio * baseline = 0 does not reject. Where the baseline is too near 0 the set is unbounded: see `shape`.
 * A candidate that is a multiple of the baseline, so that nothing varies around the ratio -> the point, and certainty, however
 * near 0 the baseline is. A baseline of 0 has no ratio -> undefined; so has a number that is not finite, or a negative
 * variance.
 */
export function fieller(input: RatioInput): RatioEstimate | undefined {
  const { candidate, baseline, candidateVariance, baselineVariance, covariance } = input
  if (!(candidateVariance >= 0 && baselineVariance >= 0)) return undefined
  const ratio = candidate / baseline
  const residualVariance =
    candidateVariance - 2 * ratio * covariance + ratio * ratio * baselineVariance
  return fiellerFromResiduals({
    ratio,
    baseline,
    residualVariance: Math.max(0, residualVariance),
    residualCovariance: covariance - ratio * baselineVariance,
    baselineVariance,
    degreesOfFreedom: input.degreesOfFreedom ?? Number.POSITIVE_INFINITY,
    level: input.level,
  })
}
