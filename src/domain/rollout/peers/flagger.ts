/** A Flagger metric's `thresholdRange`; a bound that is left out does not bind. */
export interface FlaggerRange {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/** Whether a check of Flagger fails: no value, NaN, or outside the range (both ends belong to it). */
export function flaggerCheckFails(value: number | undefined, range: FlaggerRange): boolean {
  if (value === undefined || Number.isNaN(value)) return true
  return (
    value < (range.min ?? Number.NEGATIVE_INFINITY) ||
    value > (range.max ?? Number.POSITIVE_INFINITY)
  )
}

/** Flagger counts failed checks over the whole analysis, in a row or not, and rolls back at `threshold` of them. */
export function flaggerRollsBack(failedChecks: number, threshold: number): boolean {
  return failedChecks >= threshold
}
