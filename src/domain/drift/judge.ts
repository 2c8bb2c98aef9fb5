import { NO_CHANGES } from './categories.js'
import { type Adjusted, cellReasons, isCertainly } from './judge-cells.js'
import type { ColumnMeasurement } from './measure.js'
import type { ColumnPlan } from './plan.js'
import { type DriftPolicy, FEWEST_VALUES } from './policy.js'
import type { ColumnStatus, DriftColumn } from './predicate.js'
import { pText, shortNumber } from './wording.js'

interface Verdict {
  readonly status: ColumnStatus
  readonly reason: string
}

/**
 * A column has drifted when the change is certain (corrected p below alpha), large (distance over its threshold) and
 * more than noise (distance over what chance exceeds in a share alpha of samples of these sizes), or when the same
 * holds for its share of missing, infinite or new values. It is inconclusive where the samples are too small to show a
 * change of the threshold's size, or where one shows that may be chance: absence of evidence is no evidence of absence.
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
    distance: {
      name: distance.name,
      value: distance.value ?? null,
      threshold: distance.threshold,
      noise: measured.resolution?.floor ?? null,
      detectable: measured.resolution?.detectable ?? null,
    },
    psi: measured.psi ?? null,
    js: measured.js ?? null,
    values: measured.values,
    nulls: measured.nulls,
    nullTest: nullTest(measured, adjusted),
    infinities: measured.infinities,
    ...measured.changes,
    newShare: measured.newShare,
    rankError: measured.rankError,
    drifted: verdict.status === 'drifted',
    details: measured.details,
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
    newShare: 0,
    rankError: 0,
    drifted: true,
    details: [],
    histogram: null,
  }
}

function nullTest({ nullPValue }: ColumnMeasurement, { nulls }: Adjusted): DriftColumn['nullTest'] {
  if (nullPValue === undefined || nulls === undefined) return null
  return { pValue: nullPValue, adjustedPValue: nulls }
}

function judge(policy: DriftPolicy, measured: ColumnMeasurement, adjusted: Adjusted): Verdict {
  const reasons = [
    ...valueReasons(policy, measured, adjusted),
    ...cellReasons(policy, measured, adjusted),
  ]
  if (reasons.length > 0) return { status: 'drifted', reason: reasons.join('; ') }
  const open = whyIncomparable(measured) ?? whyOpen(policy, measured, adjusted)
  if (open !== undefined) return { status: 'inconclusive', reason: open }
  return { status: 'stable', reason: whyStable(policy, measured, adjusted) }
}

function valueReasons(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): string[] {
  if (whyIncomparable(measured) !== undefined || !isFar(measured)) return []
  if (!isCertain(policy, adjusted) || isNoise(measured)) return []
  return [`${distanceWords(measured)} is over ${measured.distance.threshold}${pWords(adjusted)}`]
}

function isFar({ distance }: ColumnMeasurement): boolean {
  return distance.value !== undefined && distance.value > distance.threshold
}

function isCertain(policy: DriftPolicy, adjusted: Adjusted): boolean {
  return isCertainly(policy, adjusted.test)
}

/** Whether chance alone often makes the distance this large. */
function isNoise({ distance, resolution }: ColumnMeasurement): boolean {
  return resolution !== undefined && (distance.value ?? 0) <= resolution.floor
}

function whyIncomparable({
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

/** Why neither drift nor its absence can be said, though there are values to compare. */
function whyOpen(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): string | undefined {
  const { distance, resolution, values } = measured
  const { threshold } = distance
  // Two samples with the very same values are one and the same data: chance does not make these.
  if (distance.value === 0 && measured.looksIdentical) return undefined
  if (resolution !== undefined && resolution.detectable > threshold) {
    const shown = shortNumber(resolution.detectable)
    return `${values.reference} against ${values.current} values show only a ${distance.name} from about ${shown} on, and the limit is ${threshold}`
  }
  const hidden = whyHidden(policy, measured, adjusted)
  if (hidden !== undefined) return hidden
  const isLarge = (distance.corrected ?? 0) > threshold
  if (!isLarge || (isCertain(policy, adjusted) && !isNoise(measured))) return undefined
  return `${distanceWords(measured)} is over ${threshold}, but may be chance${pWords(adjusted)}`
}

/** How different the shares of the reference's tenths must be for a change to be one of most values. */
const OF_MOST = 0.1

/** One value such as 99999 makes a standard deviation in which all other values may move by several of their own. */
function whyHidden(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): string | undefined {
  const { inMiddle = 0, distance, js = 0 } = measured
  if (policy.learned !== undefined || isFar(measured) || !isCertain(policy, adjusted))
    return undefined
  if (inMiddle <= distance.threshold || js <= OF_MOST) return undefined
  return `${distanceWords(measured)} is within ${distance.threshold}, but in standard deviations that a few extreme values of the reference make; in those of its middle half it is ${shortNumber(inMiddle)}${pWords(adjusted)}`
}

function whyStable(policy: DriftPolicy, measured: ColumnMeasurement, adjusted: Adjusted): string {
  const { threshold } = measured.distance
  if (isFar(measured)) {
    const corrected = shortNumber(measured.distance.corrected ?? 0)
    return `${distanceWords(measured)} is over ${threshold}, but ${corrected} without what chance adds${pWords(adjusted)}`
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
