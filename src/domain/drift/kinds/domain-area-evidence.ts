import { normalQuantile } from '../../stats/special/normal.js'
import type { Evidence } from './evidence.js'

interface AreaOfClassifier {
  readonly distance: { readonly name: string; readonly value: number | null }
  /** Standard errors above one half. */
  readonly statistic: number | null
  readonly pValue: number | null
  readonly reasons: readonly string[]
}

/** The evidence of a classifier that tells the samples apart: its area is both test and distance. */
export function domainAreaEvidence(
  { distance, statistic, pValue, reasons }: AreaOfClassifier,
  { threshold, alpha }: { readonly threshold: number; readonly alpha: number },
): Evidence {
  const area = distance.value ?? undefined
  const outcome = statistic === null ? undefined : { statistic, pValue }
  return {
    outcome,
    significance: pValue ?? undefined,
    distance: { name: distance.name, threshold, value: area, corrected: area },
    resolution: resolution(area, statistic ?? undefined, alpha),
    histogram: null,
    details: reasons,
  }
}

/** One half and what the standard error makes of it. */
function resolution(area: number | undefined, statistic: number | undefined, alpha: number) {
  if (area === undefined || statistic === undefined || statistic === 0) return undefined
  const standardError = (area - 0.5) / statistic
  if (!(standardError > 0)) return undefined
  const floor = Math.min(1, 0.5 + normalQuantile(1 - alpha) * standardError)
  return { centre: 0.5, floor, detectable: floor }
}
