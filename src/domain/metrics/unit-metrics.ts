import type { MetricOptions } from './data.js'
import type { MeanMetric, Metric, UnitRows } from './metric.js'

/** A mean over queries or examples, each with several rows. */
export interface UnitMetric extends MeanMetric {
  readonly unit: 'query' | 'example'
  readonly unitNeeds: string
  readonly perUnit: (rows: UnitRows, options: MetricOptions) => number | undefined
}

/** What is particular to a metric of units; its losses are the numbers of the units. */
export type UnitMetricParts = Omit<UnitMetric, 'kind' | 'losses'>

/** A metric of units: whoever reads the rows calls `perUnit`, and gives the numbers as `MetricData.values`. */
export function unitMetric(parts: UnitMetricParts): UnitMetric {
  return { ...parts, kind: 'mean', losses: (data) => data.values ?? new Float64Array(data.n) }
}

/** Whether a metric is a mean over units rather than over rows. */
export function isUnitMetric(metric: Metric): metric is UnitMetric {
  return metric.kind === 'mean' && metric.unit !== undefined && metric.perUnit !== undefined
}

/**
 * The key under which the numbers of a unit metric are kept beside the columns of `column:<name>`: the same metric with another k is
 * another column.
 */
export function unitMetricKey(name: string, options: MetricOptions): string {
  return options.k === undefined ? `per-unit:${name}` : `per-unit:${name}@${options.k}`
}
