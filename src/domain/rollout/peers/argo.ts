/** What one measurement of an Argo Rollouts metric came to. */
export type ArgoMeasurement = 'Successful' | 'Failed' | 'Inconclusive' | 'Error'

export type ArgoPhase = 'Pending' | 'Running' | ArgoMeasurement

export interface ArgoMetric {
  /** So many failed measurements are tolerated. */
  readonly failureLimit?: number | undefined
  readonly inconclusiveLimit?: number | undefined
  readonly consecutiveErrorLimit?: number | undefined
  /** Measurements after which the metric is done; undefined: as long as the analysis runs. */
  readonly count?: number | undefined
}

const ERRORS_IN_A_ROW = 4

/**
 * What Argo Rollouts makes of a metric's measurements (`assessMetricStatus`, argo-rollouts 1.8), for those who keep their
 * thresholds: a later check overwrites an earlier one, errors do not count, and a metric that is ended without a
 * measurement is Successful, as it is there.
 */
export function assessArgoMetric(
  metric: ArgoMetric,
  measurements: readonly ArgoMeasurement[],
  terminating = false,
): ArgoPhase {
  if (measurements.length === 0) return terminating ? 'Successful' : 'Pending'
  const times = (of: ArgoMeasurement) => measurements.filter((one) => one === of).length
  const broken = measurements.length - 1 - measurements.findLastIndex((one) => one !== 'Error')
  if (broken > (metric.consecutiveErrorLimit ?? ERRORS_IN_A_ROW)) return 'Error'
  if (times('Inconclusive') > (metric.inconclusiveLimit ?? 0)) return 'Inconclusive'
  if (times('Failed') > (metric.failureLimit ?? 0)) return 'Failed'
  const counted = measurements.length - times('Error')
  if (metric.count !== undefined && counted >= metric.count) return 'Successful'
  return terminating ? 'Successful' : 'Running'
}
