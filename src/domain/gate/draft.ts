import { columnOf } from '../metrics/column.js'
import type { MetricOptions } from '../metrics/data.js'
import type { Metric } from '../metrics/metric.js'
import { lackOf } from '../metrics/metric-value.js'
import { isUnitMetric, unitMetricKey } from '../metrics/unit-metrics.js'
import { outcomeOf } from '../metrics/value.js'
import type { RandomSource } from '../stats/random.js'
import { endsOf, neutralOf } from './bound.js'
import { type Claim, failClaim } from './claim.js'
import type { BoundaryTest } from './evidence.js'
import { type GateExamples, type Pair, pairOf, type View } from './examples.js'
import { type Measurement, measure } from './measure.js'
import type { Asks, PlannedCheck } from './plan.js'
import type { PlannedSlice } from './plan-slices.js'
import { baselineName, meanOf, type PointValues, pointValue } from './points/point-values.js'
import { comparesModels, type GatePolicy, type GateRule } from './policy.js'
import { type Resting, restingOf } from './resting.js'

/** A check that is measured and not yet concluded, since that takes the p-values of all. */
export interface Draft {
  readonly check: PlannedCheck
  readonly n: number
  /** Undefined for a slice that is too small to judge. */
  readonly measurement: Measurement | undefined
  readonly test: BoundaryTest | undefined
  readonly claim: Claim | undefined
  /** Whose value comes without uncertainty: the value alone is judged, and no test is counted for it. */
  readonly pointOf?: 'candidate' | 'baseline' | undefined
  readonly resting?: Resting | undefined
}

export interface DraftRequest {
  readonly check: PlannedCheck
  readonly examples: GateExamples
  readonly points: PointValues | undefined
  readonly random: RandomSource
}

type AsksExamples = Extract<Asks, { readonly of: 'examples' }>

/** Measures one check on the examples. */
export function draftOfExamples(
  policy: GatePolicy,
  request: DraftRequest & { readonly asks: AsksExamples },
): Draft {
  const { check, asks, examples, random } = request
  const { rule, bound } = check
  const { metric, slice } = asks
  const n = slice?.rows.length ?? examples.n
  const nothing = { check, n, measurement: undefined, test: undefined, claim: undefined }
  if (slice?.tooSmall === true) return nothing
  const options = optionsOf(rule)
  const pair = pairOf(examples, viewOf(metric, rule, slice))
  if (policy.baselinePoints === true && comparesModels(rule)) {
    return againstPoint(request, pair, options)
  }
  const measurement = measure({
    metric,
    options,
    pair,
    of: bound.of,
    level: policy.confidence,
    random,
    unpaired: pair.unpaired,
    method: rule.method,
    margin: marginOf(check),
  })
  const found = withRatioChecked(check, measurement)
  const { evidence } = found.finding
  const resting = restingOf(pair, { metric, options, of: bound.of })
  if (evidence === undefined) return { ...nothing, resting, measurement: found }
  const test = evidence.testAt(neutralOf(bound))
  const claim = failClaim(bound, evidence)
  const { interval } = evidence
  // Tests may hold the examples: of many checks that is too much to keep.
  const told = { ...found, finding: { evidence: { interval, testAt: () => test } } }
  return { check, n: found.n, measurement: told, test, claim, resting }
}

/** The candidate's value from its examples against a number of the baseline's. */
function againstPoint(
  { check, asks, points }: DraftRequest & { readonly asks: AsksExamples },
  pair: Pair,
  options: MetricOptions,
): Draft {
  const { metric } = asks
  const n = pair.candidate.n
  const lack = lackOf(metric, pair.candidate, options)
  const outcome =
    lack === undefined
      ? outcomeOf(metric, pair.candidate, options)
      : { value: undefined, reason: lack }
  const known = pointValue(points?.baseline, baselineName(check.rule))
  const measurement = pointMeasurement(n, outcome.value, known && meanOf(known))
  const reason =
    outcome.value === undefined ? `the candidate has no value: ${outcome.reason}` : undefined
  return {
    check,
    n,
    measurement: reason === undefined ? measurement : { ...measurement, finding: { reason } },
    test: undefined,
    claim: undefined,
    pointOf: 'baseline',
    resting: restingOf(pair, { metric, options, of: 'candidate' }),
  }
}

/** Values without evidence; what is not finite counts as missing. */
export function pointMeasurement(
  n: number,
  candidate: number | undefined,
  baseline: number | undefined,
): Measurement {
  const mine = finite(candidate)
  const theirs = finite(baseline)
  const difference = mine === undefined || theirs === undefined ? undefined : mine - theirs
  const finding = { reason: 'no uncertainty available' }
  return { n, candidate: mine, baseline: theirs, difference, finding }
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

/** What keeps a ratio from having a meaning. */
export function ratioLack(baseline: number | undefined): string | undefined {
  if (baseline === undefined || baseline > 0) return undefined
  return `a share of the baseline's value has no meaning, since that value is ${baseline}: give the amount in the unit of the metric`
}

function withRatioChecked(check: PlannedCheck, measurement: Measurement): Measurement {
  const lack = check.bound.of === 'ratio' ? ratioLack(measurement.baseline) : undefined
  return lack === undefined ? measurement : { ...measurement, finding: { reason: lack } }
}

/** A metric's options as the rule gives them. */
export function optionsOf(rule: GateRule): MetricOptions {
  return {
    average: rule.average,
    k: rule.k,
    quantile: rule.quantile,
    multiClass: rule['multi-class'],
  }
}

/** What a rule's metric reads of the examples, or of a slice of them. */
export function viewOf(metric: Metric, rule: GateRule, slice: PlannedSlice | undefined): View {
  const unit = isUnitMetric(metric) ? unitMetricKey(rule.metric, { k: rule.k }) : undefined
  return {
    rows: slice?.rows,
    baselineRows: slice?.baselineRows,
    group: rule.group,
    column: columnOf(rule.metric) ?? unit,
  }
}

/** How exactly the interval's ends must be known: the rule's own margin. */
function marginOf({ bound }: PlannedCheck): number | undefined {
  if (bound.of === 'candidate') return undefined
  const margin = Math.abs((endsOf(bound)[0] ?? 0) - neutralOf(bound))
  return margin > 0 ? margin : undefined
}
