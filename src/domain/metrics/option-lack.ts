import { classCount, isMultiClass, type MetricData, type MetricOptions } from './data.js'
import type { Metric } from './metric.js'

/** What is wrong with, or missing in, the options of a metric for these data; undefined when nothing is. */
export function lackOfOptions(
  metric: Metric,
  data: MetricData,
  options: MetricOptions,
): string | undefined {
  return (
    lackOfK(metric, data, options) ??
    lackOfQuantile(metric, options) ??
    (data.labelSets === undefined
      ? lackOfAverage(metric, data, options)
      : lackOfSetAverage(metric, options))
  )
}

function lackOfK(metric: Metric, data: MetricData, { k }: MetricOptions): string | undefined {
  if (metric.k === undefined) return undefined
  if (k === undefined) return metric.k === 'required' ? 'it needs k' : undefined
  if (!Number.isSafeInteger(k) || k < 1) return `k is ${k}, and must be a whole number from 1 on`
  const classes = data.classScores?.length
  if (!metric.needs.includes('class-scores') || classes === undefined || k < classes) {
    return undefined
  }
  return `k is ${k}, and of ${classes} classes the true one is always among so many`
}

function lackOfQuantile(metric: Metric, { quantile }: MetricOptions): string | undefined {
  if (metric.quantile === undefined) return undefined
  if (quantile === undefined) return 'it needs a quantile'
  return quantile > 0 && quantile < 1
    ? undefined
    : `the quantile is ${quantile}, and must lie inside (0, 1)`
}

function lackOfAverage(
  metric: Metric,
  data: MetricData,
  { average }: MetricOptions,
): string | undefined {
  if (average === 'samples') return 'average: samples is for examples with several classes each'
  const classes = classCount(data)
  if (average === undefined) {
    return metric.averaged === true && classes > 2
      ? `with ${classes} classes it needs an average: macro, micro or weighted`
      : undefined
  }
  const { averages } = metric
  if (averages === undefined || averages.includes(average) || !isMultiClass(data)) return undefined
  return `its average over classes is ${averages.join(' or ')}, not ${average}`
}

/** With a set of classes an example. */
function lackOfSetAverage(metric: Metric, { average }: MetricOptions): string | undefined {
  if (metric.multiLabel !== true) return 'it is not defined for examples with several classes each'
  return metric.averaged === true && average === undefined
    ? 'with several classes an example it needs an average: macro, micro, weighted or samples'
    : undefined
}
