import { NO_CHANGES } from './categories.js'
import type { ColumnMeasurement } from './measure.js'
import type { ColumnPlan } from './plan.js'
import { type DriftPolicy, FEWEST_VALUES, nullRateThreshold } from './policy.js'
import type { ColumnStatus, DriftColumn, Sides } from './predicate.js'
import { percent, pText, shortNumber } from './wording.js'

/** The corrected p-values of one column: of its test, and of its shares of missing and of infinite cells. */
export interface Adjusted {
  readonly test: number | undefined
  readonly nulls: number | undefined
  readonly infinities: number | undefined
}

interface Verdict {
  readonly status: ColumnStatus
  readonly reason: string
}

/**
 * A column has drifted when the change is both certain (corrected p below alpha) and large (distance over its
 * threshold), or the same holds for its share of missing or of infinite cells. With too few values it is inconclusive.
 */
export function judgeColumn(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): DriftColumn {
  const { plan, outcome, distance } = measured
  const verdict = judge(policy, measured, adjusted)
  return {
    name: plan.name,
    kind: plan.kind,
    critical: plan.critical,
    ...verdict,
    test: plan.testName,
    statistic: outcome?.statistic ?? null,
    pValue: outcome?.pValue ?? null,
    adjustedPValue: adjusted.test ?? null,
    distance: { ...distance, value: distance.value ?? null },
    psi: measured.psi ?? null,
    js: measured.js ?? null,
    values: measured.values,
    nulls: measured.nulls,
    nullTest: nullTest(measured, adjusted),
    infinities: measured.infinities,
    ...measured.changes,
    drifted: verdict.status === 'drifted',
    histogram: measured.histogram,
  }
}

/** A column that is gone or of another type has drifted: nothing that reads it can go on as before. */
export function mismatchedColumn(plan: ColumnPlan, reason: string): DriftColumn {
  return {
    name: plan.name,
    kind: plan.kind,
    critical: plan.critical,
    status: 'drifted',
    reason,
    test: null,
    statistic: null,
    pValue: null,
    adjustedPValue: null,
    distance: null,
    psi: null,
    js: null,
    values: { reference: 0, current: 0 },
    nulls: { reference: 0, current: 0 },
    nullTest: null,
    infinities: { reference: 0, current: 0 },
    ...NO_CHANGES,
    drifted: true,
    histogram: null,
  }
}

function nullTest({ nullPValue }: ColumnMeasurement, { nulls }: Adjusted): DriftColumn['nullTest'] {
  if (nullPValue === undefined || nulls === undefined) return null
  return { pValue: nullPValue, adjustedPValue: nulls }
}

/** Whether the share of missing (or infinite) cells has changed, for certain and by more than its threshold. */
export function shareDrifted(
  policy: DriftPolicy,
  shares: Sides,
  adjustedPValue: number | undefined,
): boolean {
  const change = Math.abs(shares.current - shares.reference)
  const certain = adjustedPValue !== undefined && adjustedPValue < policy.alpha
  return certain && change > nullRateThreshold(policy)
}

function judge(policy: DriftPolicy, measured: ColumnMeasurement, adjusted: Adjusted): Verdict {
  const reasons = [
    ...valueReasons(policy, measured, adjusted),
    ...nullReasons(policy, measured, adjusted),
    ...infinityReasons(policy, measured, adjusted),
  ]
  if (reasons.length > 0) return { status: 'drifted', reason: reasons.join('; ') }
  const lacking = whyInconclusive(measured)
  if (lacking !== undefined) return { status: 'inconclusive', reason: lacking }
  return { status: 'stable', reason: whyStable(policy, measured, adjusted) }
}

function valueReasons(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): string[] {
  if (whyInconclusive(measured) !== undefined || !isFar(measured)) return []
  if (!isCertain(policy, adjusted)) return []
  return [`${distanceWords(measured)} is over ${measured.distance.threshold}${pWords(adjusted)}`]
}

function nullReasons(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): string[] {
  const { nulls } = measured
  if (!shareDrifted(policy, nulls, adjusted.nulls)) return []
  return [`missing cells went from ${percent(nulls.reference)} to ${percent(nulls.current)}`]
}

/** Infinities are in no statistic: without this, a column of which most has become infinite would look unchanged. */
function infinityReasons(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): string[] {
  const { reference, current } = measured.infiniteShares
  if (!shareDrifted(policy, { reference, current }, adjusted.infinities)) return []
  return [`infinite cells went from ${percent(reference)} to ${percent(current)}`]
}

function isFar({ distance }: ColumnMeasurement): boolean {
  return distance.value !== undefined && distance.value > distance.threshold
}

function isCertain(policy: DriftPolicy, adjusted: Adjusted): boolean {
  return adjusted.test !== undefined && adjusted.test < policy.alpha
}

function whyInconclusive({
  values,
  outcome,
  distance,
  plan,
}: ColumnMeasurement): string | undefined {
  const few = Math.min(values.reference, values.current)
  if (few < FEWEST_VALUES) {
    const side = values.reference <= values.current ? 'reference' : 'current data'
    return `only ${few} usable ${few === 1 ? 'value' : 'values'} in the ${side}; ${FEWEST_VALUES} are needed`
  }
  if (outcome === undefined) return `${plan.testName} has no result for these values`
  if (distance.value === undefined) return `${distance.name} has no result for these values`
  return undefined
}

function whyStable(policy: DriftPolicy, measured: ColumnMeasurement, adjusted: Adjusted): string {
  const { threshold } = measured.distance
  if (isFar(measured)) {
    return `${distanceWords(measured)} is over ${threshold}, but may be chance${pWords(adjusted)}`
  }
  const certain = isCertain(policy, adjusted)
  const changed = certain ? `a certain but small change${pWords(adjusted)}: ` : ''
  return `${changed}${distanceWords(measured)} is within ${threshold}`
}

function distanceWords({ distance }: ColumnMeasurement): string {
  return `${distance.name} ${shortNumber(distance.value ?? Number.NaN)}`
}

function pWords({ test }: Adjusted): string {
  return test === undefined ? '' : ` (corrected p ${pText(test)})`
}
