import { adjustPValues } from '../stats/multiplicity.js'
import type { Adjusted } from './judge-cells.js'
import type { ColumnMeasurement } from './measure.js'
import type { DriftPolicy } from './policy.js'

export const NOT_TESTED: Adjusted = {
  test: undefined,
  nulls: undefined,
  infinities: undefined,
  fresh: undefined,
}

/** The family of tests is every column's own, and every column's shares of missing, infinite and new cells. */
export function adjustAll(
  policy: DriftPolicy,
  measured: readonly (ColumnMeasurement | undefined)[],
): Adjusted[] {
  // What was not tested is NaN, which the correction does not count.
  const pValues = measured.flatMap((one) => [
    one?.significance ?? Number.NaN,
    one?.nullPValue ?? Number.NaN,
    one?.infinityPValue ?? Number.NaN,
    one?.newPValue ?? Number.NaN,
  ])
  const corrected = adjustPValues(pValues, policy.correction)
  return measured.map((_, i) => ({
    test: numberOrNothing(corrected[4 * i]),
    nulls: numberOrNothing(corrected[4 * i + 1]),
    infinities: numberOrNothing(corrected[4 * i + 2]),
    fresh: numberOrNothing(corrected[4 * i + 3]),
  }))
}

function numberOrNothing(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value
}
