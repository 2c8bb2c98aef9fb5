import type { Metric } from '../metrics/metric.js'
import { type Bound, estimateOf, type Position } from './bound.js'
import type { Measurement } from './measure.js'
import { neededExamples } from './needed-examples.js'
import type { Correction } from './policy.js'
import {
  amountText,
  boundText,
  countText,
  levelText,
  pText,
  rangeText,
  valueText,
} from './wording.js'

/** What a check found, as its reason tells it. */
export interface Judged {
  readonly metric: Metric
  readonly bound: Bound
  readonly measurement: Measurement
  /** Undefined when the point estimate alone was judged. */
  readonly position: Position | undefined
  readonly meetsBound: boolean
  readonly claim: { readonly adjustedPValue: number; readonly family: number } | undefined
  readonly correction: Correction
  readonly significant: boolean
}

/** Differences below this are made by rounding. */
const ROUNDING = 1e-12

/** Better or worse than the baseline, by the estimates. */
export function directionOf(
  metric: Metric,
  difference: number | undefined,
): 'better' | 'worse' | 'same' | null {
  if (difference === undefined) return null
  if (Math.abs(difference) < ROUNDING) return 'same'
  return difference > 0 === (metric.direction === 'higher') ? 'better' : 'worse'
}

/** The whole reason of a check that could be measured: the numbers in words, then what follows from them. */
export function reasonOf(judged: Judged): string {
  return `${numbers(judged)}: ${conclusion(judged)}.`
}

/** Candidate, baseline and interval in words. */
function numbers(judged: Judged): string {
  const { metric, measurement, bound } = judged
  const { candidate, baseline, difference, finding } = measurement
  const interval = finding.evidence?.interval
  const value = `${metric.name} ${candidate === undefined ? 'has no value' : valueText(metric, candidate)}`
  const of = bound.of === 'candidate' ? '' : ` of the ${bound.of}`
  const range =
    interval === undefined
      ? ''
      : ` (${levelText(interval.level)} interval${of} ${rangeText(metric, interval)})`
  if (bound.of === 'candidate' || difference === undefined || baseline === undefined) {
    return `${value}${range}`
  }
  const direction = directionOf(metric, difference)
  if (direction === 'same') return `${value} equals the baseline's${range}`
  const amount = amountText(metric, difference)
  return `${value} is ${amount} ${direction} than the baseline's ${valueText(metric, baseline)}${range}`
}

function conclusion(judged: Judged): string {
  const asked = boundText(judged.metric, judged.bound)
  const { position } = judged
  if (position === undefined) {
    return `${asked}; the estimate ${judged.meetsBound ? 'keeps to' : 'breaks'} it (judged without its uncertainty)`
  }
  if (position === 'inside') return `${asked}, and all of the interval keeps to it`
  if (position === 'astride') {
    return `${asked}, and the interval reaches over that bound; ${outlook(judged)}`
  }
  if (judged.significant) return `${asked}, and all of the interval breaks it`
  return `${asked}; all of the interval breaks it, but ${uncorrected(judged)}`
}

function uncorrected(judged: Judged): string {
  const { claim, correction } = judged
  const adjusted = pText(claim?.adjustedPValue ?? 1)
  if (correction === 'none') return `its test does not confirm that (p ${adjusted})`
  return `after the ${correction} correction over ${claim?.family ?? 1} checks that may be chance (adjusted p ${adjusted})`
}

function outlook(judged: Judged): string {
  const { measurement, bound } = judged
  const estimate = estimateOf(bound, measurement)
  const interval = measurement.finding.evidence?.interval
  const needed =
    estimate === undefined || interval === undefined
      ? undefined
      : neededExamples({ n: measurement.n, estimate, interval, bound })
  const now = `now ${countText(measurement.n)}`
  if (needed === undefined)
    return `the estimate lies on it, so more examples would not settle it soon (${now})`
  return `about ${countText(needed)} examples (${now}) would settle it, if the estimate stays`
}
