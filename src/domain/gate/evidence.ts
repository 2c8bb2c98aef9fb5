import type { MetricOptions } from '../metrics/data.js'
import type { Metric } from '../metrics/metric.js'
import type { RandomSource } from '../stats/random.js'
import type { Pair } from './examples.js'
import type { CheckInterval } from './verdict.js'

/**
 * What a question is about: one model's value, candidate minus baseline, or candidate over baseline (for margins that are a
 * share of the baseline's value, which is itself an estimate).
 */
export type Contrast = 'candidate' | 'difference' | 'ratio'

/** A question to the data: a metric, on what, and of one model or of both. */
export interface Question {
  readonly metric: Metric
  readonly options: MetricOptions
  readonly pair: Pair
  readonly of: Contrast
  readonly level: number
  readonly random: RandomSource
  /** The baseline's examples are others than the candidate's (`pairing: none`); `pair.baseline` then has its own rows. */
  readonly unpaired?: boolean | undefined
  /** `bootstrap` resamples where the metric's own method would not; `auto` unless the rule says otherwise. */
  readonly method?: 'auto' | 'bootstrap' | undefined
  /** Ends of a bootstrap interval are resampled until their Monte Carlo error is below a tenth of this. */
  readonly margin?: number | undefined
}

/** A test that the true value is the boundary. */
export interface BoundaryTest {
  readonly name: string
  readonly statistic: number | null
  /** Two-sided. */
  readonly pValue: number
  /** One-sided: small when the data say that the true value is below the boundary. */
  readonly below: number
  readonly above: number
}

/** What the data say beside the estimate. */
export interface Evidence {
  readonly interval: CheckInterval
  testAt(boundary: number): BoundaryTest
}

/** Evidence, or why there is none. */
export type Finding =
  | { readonly evidence: Evidence; readonly reason?: undefined }
  | { readonly evidence?: undefined; readonly reason: string }

/** A test by a statistic with a symmetric distribution. */
export function symmetricTest(
  name: string,
  statistic: number,
  cdf: (x: number) => number,
): BoundaryTest {
  const below = cdf(statistic)
  const above = cdf(-statistic)
  const finite = Number.isFinite(statistic) ? statistic : null
  return { name, statistic: finite, pValue: Math.min(1, 2 * Math.min(below, above)), below, above }
}

/** A deviation in standard errors; zero over zero is no deviation. */
export function standardised(deviation: number, standardError: number): number {
  if (standardError > 0) return deviation / standardError
  return deviation === 0 ? 0 : Math.sign(deviation) * Number.POSITIVE_INFINITY
}

/** A two-sided p-value as the two one-sided ones, by the side that the estimate lies on. */
export function splitTwoSided(pValue: number, deviation: number): { below: number; above: number } {
  if (deviation === 0) return { below: 0.5, above: 0.5 }
  const toward = pValue / 2
  return deviation < 0 ? { below: toward, above: 1 - toward } : { below: 1 - toward, above: toward }
}

/** The smallest and largest value that what is asked about can take. */
export function limitsOf(question: Question): readonly [number, number] {
  const [low, high] = question.metric.range
  if (question.of === 'candidate') return [low, high]
  if (question.of === 'difference') return [low - high, high - low]
  return [low >= 0 ? 0 : Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
}

/** What is asked about, from the models' values; not a number where there is none, as for a ratio to zero. */
export function contrastOf(of: Contrast, candidate: number, baseline: number): number {
  if (of === 'candidate') return candidate
  if (of === 'difference') return candidate - baseline
  return baseline === 0 ? Number.NaN : candidate / baseline
}

/** Keeps an interval inside what is possible. */
export function cutInterval(
  question: Question,
  ends: { readonly low: number; readonly high: number; readonly method: string },
): CheckInterval {
  const [least, most] = limitsOf(question)
  return {
    of: question.of,
    level: question.level,
    low: Math.max(least, ends.low),
    high: Math.min(most, ends.high),
    method: ends.method,
  }
}
