import { changeOf } from './infinite-cells.js'
import type { ColumnMeasurement } from './measure.js'
import type { DriftPolicy } from './policy.js'
import type { Sides } from './predicate.js'
import { percent } from './wording.js'

/** The corrected p-values of one column: of its test, and of its shares of missing, infinite and new cells. */
export interface Adjusted {
  readonly test: number | undefined
  readonly nulls: number | undefined
  readonly infinities: number | undefined
  readonly fresh: number | undefined
}

/** What the shares of new, missing and infinite cells say, whatever the values are that can be compared. */
export function cellReasons(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): string[] {
  return [
    ...newReasons(policy, measured, adjusted),
    ...nullReasons(policy, measured, adjusted),
    ...infinityReasons(policy, measured, adjusted),
  ]
}

/** Whether the share of missing cells has changed, for certain and by more than its threshold. */
export function nullsDrifted(
  policy: DriftPolicy,
  { nulls, limits }: ColumnMeasurement,
  adjusted: number | undefined,
): boolean {
  return isCertainly(policy, adjusted) && changeOf(nulls) > limits.nulls
}

export function isCertainly(policy: DriftPolicy, adjusted: number | undefined): boolean {
  return adjusted !== undefined && adjusted < policy.alpha
}

/** A value that the reference does not know is lost on a model, however few there are of it. */
function newReasons(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  { fresh }: Adjusted,
): string[] {
  if (!isCertainly(policy, fresh) || measured.newShare <= measured.limits.fresh) return []
  if (measured.looksLikeIdentifier) return []
  return [
    `${percent(measured.newShare)} of the values are of categories that the reference does not have`,
  ]
}

function nullReasons(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): string[] {
  const { nulls } = measured
  if (!nullsDrifted(policy, measured, adjusted.nulls)) return []
  return [`missing cells went ${fromTo(nulls)}`]
}

/** Infinities are in no statistic: without this, a column of which most has become infinite would look unchanged. */
function infinityReasons(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  adjusted: Adjusted,
): string[] {
  const { infiniteShares, negativeShares, infinityChange, limits } = measured
  if (infinityChange <= limits.infinities || !isCertainly(policy, adjusted.infinities)) return []
  if (negativeShares === undefined || changeOf(infiniteShares) >= infinityChange) {
    return [`infinite cells went ${fromTo(infiniteShares)}`]
  }
  const positiveShares = {
    reference: infiniteShares.reference - negativeShares.reference,
    current: infiniteShares.current - negativeShares.current,
  }
  return [
    `cells that are Infinity went ${fromTo(positiveShares)}, those that are -Infinity ${fromTo(negativeShares)}`,
  ]
}

function fromTo({ reference, current }: Sides): string {
  return `from ${percent(reference)} to ${percent(current)}`
}
