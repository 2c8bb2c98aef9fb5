import { type Bound, estimateOf, type Position } from './bound.js'
import type { Measurement } from './measure.js'
import type { MetricFace } from './points/point-name.js'
import type { Correction } from './policy.js'
import { groupSizes, unitsText } from './reason-notes.js'
import type { Resting } from './resting.js'
import type { Settling } from './settling.js'
import {
  amountText,
  boundText,
  countText,
  levelText,
  pText,
  rangeText,
  shareText,
  valueText,
} from './wording.js'

/** What a check found, as its reason tells it. */
export interface Judged {
  readonly metric: MetricFace
  readonly bound: Bound
  readonly measurement: Measurement
  /** Undefined when the value or the point estimate alone was judged. */
  readonly position: Position | undefined
  readonly meetsBound: boolean
  readonly claim: { readonly adjustedPValue: number; readonly family: number } | undefined
  readonly correction: Correction
  readonly significant: boolean
  /** Whose value comes without uncertainty. */
  readonly pointOf?: 'candidate' | 'baseline' | undefined
  readonly settling?: Settling | undefined
  readonly resting?: Resting | undefined
  readonly columns?:
    | { readonly cluster?: string | undefined; readonly weight?: string | undefined }
    | undefined
}

/** Differences below this share of the values are made by rounding; of values above 1, below this. */
const ROUNDING = 1e-12

type Compared = Pick<Measurement, 'candidate' | 'baseline' | 'difference'>

/** Better or worse than the baseline, by the estimates. */
export function directionOf(
  metric: MetricFace,
  values: Compared | undefined,
): 'better' | 'worse' | 'same' | null {
  const { candidate = 0, baseline = 0, difference } = values ?? {}
  if (difference === undefined) return null
  const size = Math.min(1, Math.max(Math.abs(candidate), Math.abs(baseline)))
  if (Math.abs(difference) <= ROUNDING * size) return 'same'
  return difference > 0 === (metric.direction === 'higher') ? 'better' : 'worse'
}

/** The whole reason of a check that could be measured: the numbers in words, then what follows from them. */
export function reasonOf(judged: Judged): string {
  return `${numbers(judged)}: ${conclusion(judged)}${groupSizes(judged.resting)}.`
}

/** Candidate, baseline and interval in words. */
function numbers(judged: Judged): string {
  const { metric, measurement, bound } = judged
  const { candidate, baseline, difference } = measurement
  const value = `${metric.name} ${candidate === undefined ? 'has no value' : valueText(metric, candidate)}`
  const range = interval(judged)
  if (bound.of === 'candidate' || difference === undefined || baseline === undefined) {
    return `${value}${range}`
  }
  const direction = directionOf(metric, measurement)
  if (direction === 'same' || direction === null) return `${value} equals the baseline's${range}`
  const theirs = `than the baseline's ${valueText(metric, baseline)}${range}`
  if (bound.of === 'difference') {
    return `${value} is ${amountText(metric, difference)} ${direction} ${theirs}`
  }
  const share = (estimateOf(bound, measurement) ?? 1) - 1
  return `${value} is ${shareText(share)} ${share > 0 ? 'higher' : 'lower'} (${direction}) ${theirs}`
}

function interval({ metric, measurement, bound, resting, columns }: Judged): string {
  const found = measurement.finding.evidence?.interval
  const units = unitsText(resting, columns)
  if (found === undefined) return units === '' ? '' : ` (${units})`
  const of = bound.of === 'candidate' ? '' : ` of the ${bound.of}`
  const range = `${levelText(found.level)} interval${of} ${rangeText(metric, found)}`
  return ` (${range}${units === '' ? '' : `; ${units}`})`
}

function conclusion(judged: Judged): string {
  const asked = boundText(judged.metric, judged.bound)
  const { position, pointOf } = judged
  if (position === undefined && pointOf !== undefined) {
    const whose = pointOf === 'baseline' ? 'of the baseline there is ' : ''
    return `${asked}, and the value ${judged.meetsBound ? 'keeps to' : 'breaks'} it; ${whose}no uncertainty available`
  }
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

function outlook({ measurement, settling }: Judged): string {
  const { needed, now = measurement.n, unit = 'examples' } = settling ?? {}
  if (needed === undefined) {
    return `the estimate lies on it, so more ${unit} would not settle it soon (now ${countText(now)})`
  }
  return `about ${countText(needed)} ${unit} (now ${countText(now)}) would settle it, if the estimate stays`
}
