import type { Bound } from '../../gate/bound.js'
import { boundOf } from '../../gate/bound.js'
import type { Metric } from '../../metrics/metric.js'
import type { PerformanceSettings } from './settings.js'

/** How much worse than in the reference a metric may become. */
export interface Allowance {
  /** In the metric's own unit, or as a share of the reference's value. */
  readonly margin: number
  readonly relative: boolean
  readonly bound: Bound
}

const USUAL_MARGIN = 0.02
/** Errors in the unit of the label have no margin that suits all labels. */
const USUAL_SHARE = 0.05

/**
 * The margin as the gate's rule `no-worse-than: baseline`. Unless the user says otherwise 0.02 for metrics that end at 1, and 5% of the
 * reference's value for losses without an end (log-loss, mae, rmse, mse).
 */
export function allowanceOf(settings: PerformanceSettings, metric: Metric): Allowance {
  const { margin } = settings
  const share = settings['relative-margin']
  const rule = { metric: metric.name, 'no-worse-than': 'baseline' } as const
  if (margin === undefined && (share !== undefined || metric.range[1] === Infinity)) {
    const relative = share ?? USUAL_SHARE
    const bound = boundOf({ ...rule, 'relative-margin': relative }, metric.direction)
    return { margin: relative, relative: true, bound }
  }
  const absolute = margin ?? USUAL_MARGIN
  const bound = boundOf({ ...rule, margin: absolute }, metric.direction)
  return { margin: absolute, relative: false, bound }
}

/** The margin in the metric's own unit, beside a reference of that value. */
export function amountOf({ margin, relative }: Allowance, reference: number): number {
  return relative ? Math.abs(reference) * margin : margin
}
