import { measureDatetime } from '../datetime/measure.js'
import { resolutionOf } from '../noise/noise.js'
import { type DriftPolicy, thresholdOf } from '../policy.js'
import type { NumericSample } from '../samples.js'
import type { CategoryPair } from '../tests/drift-test.js'
import type { Evidence } from './evidence.js'

export const DATETIME_TEST = 'cycles'
const USUAL_DISTANCE = 0.1

/** Compares when things happen: hours of the day, days of the week, months of the year. */
export function datetimeEvidence(
  policy: DriftPolicy,
  reference: NumericSample,
  current: NumericSample,
): Evidence {
  const found = measureDatetime(reference.sorted, current.sorted)
  const { statistic, pValue, distance, reasons, leading } = found
  const threshold = thresholdOf(policy, 'jensen-shannon') ?? USUAL_DISTANCE
  const cycle = found.cycles.find(({ cycle: name }) => name === leading)
  const value = distance.value ?? undefined
  return {
    outcome: statistic === null ? undefined : { statistic, pValue },
    significance: pValue ?? undefined,
    distance: { name: distance.name, threshold, value, corrected: value },
    resolution: cycle && resolutionOf('jensen-shannon', countsOf(cycle, found.rows), policy.alpha),
    histogram: cycle
      ? {
          kind: 'categorical',
          categories: cycle.labels,
          reference: cycle.reference,
          current: cycle.current,
          others: { reference: 0, current: 0 },
          otherCount: 0,
        }
      : null,
    details: reasons,
  }
}

interface Shares {
  readonly labels: readonly string[]
  readonly reference: readonly number[]
  readonly current: readonly number[]
}

function countsOf(
  { labels, reference, current }: Shares,
  rows: { readonly reference: number; readonly current: number },
): CategoryPair {
  return {
    kind: 'categorical',
    categories: labels,
    reference: Float64Array.from(reference, (share) => Math.round(share * rows.reference)),
    current: Float64Array.from(current, (share) => Math.round(share * rows.current)),
  }
}
