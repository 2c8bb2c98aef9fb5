import { columnOf } from '../metrics/column.js'
import type { MetricOptions } from '../metrics/data.js'
import { getMetric } from '../metrics/index.js'
import type { Metric } from '../metrics/metric.js'
import { isUnitMetric, type UnitMetric, unitMetricKey } from '../metrics/unit-metrics.js'
import { type GateRule, sliceColumns } from './policy.js'

/** A metric of ranking or generation, to be computed for each unit while reading. */
export interface UnitNeed {
  /** The `unitMetricKey`, under which the values are kept. */
  readonly key: string
  readonly metric: UnitMetric
  readonly options: MetricOptions
}

/** What the rules read of the files beside the id. */
export interface ColumnNeeds {
  /** Some metric reads the label: all but means of columns and of given scores do. */
  readonly label: boolean
  readonly prediction: boolean
  readonly score: boolean
  /** Some metric takes the score for a probability. */
  readonly probability: boolean
  /** Some metric is only defined with a score for each class. */
  readonly classScores: boolean
  /** Some metric singles out a positive class. */
  readonly positive: boolean
  /** Columns of slices and of fairness groups. */
  readonly groups: readonly string[]
  /** Columns of numbers that slices cut into bins. */
  readonly binned: readonly string[]
  /** Columns of `column:<name>` metrics. */
  readonly columns: readonly string[]
  readonly units: readonly UnitNeed[]
}

/** What a set of rules reads; unknown metrics need nothing, since the policy check refuses them. */
export function columnNeeds(rules: readonly GateRule[]): ColumnNeeds {
  const metrics = rules.flatMap((rule) => {
    const metric = getMetric(rule.metric)
    return metric === undefined ? [] : [{ rule, metric }]
  })
  const some = (test: (metric: Metric, rule: GateRule) => boolean) =>
    metrics.some(({ rule, metric }) => test(metric, rule))
  return {
    label: some(({ unlabelled }) => unlabelled !== true),
    prediction: some(({ needs }) => needs.includes('prediction')),
    score: some(({ needs }) => needs.includes('score') || needs.includes('probability')),
    probability: some(({ needs }) => needs.includes('probability')),
    classScores: some(({ needs }) => needs.includes('class-scores')),
    positive: some(needsPositive),
    groups: distinct(rules.flatMap((rule) => [...slicedBy(rule, false), ...groupOf(rule)])),
    binned: distinct(rules.flatMap((rule) => slicedBy(rule, true))),
    columns: distinct(rules.flatMap((rule) => columnOf(rule.metric) ?? [])),
    units: metrics.flatMap(({ rule, metric }) => {
      if (!isUnitMetric(metric)) return []
      const options = { k: rule.k }
      return [{ key: unitMetricKey(rule.metric, options), metric, options }]
    }),
  }
}

function slicedBy(rule: GateRule, binned: boolean): string[] {
  const bins = rule.slices?.bins ?? {}
  return sliceColumns(rule)
    .flat()
    .filter((column) => Object.hasOwn(bins, column) === binned)
}

function groupOf(rule: GateRule): string[] {
  return rule.group === undefined ? [] : [rule.group]
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** Whether a metric under this rule singles out one class. */
export function needsPositive(metric: Metric, rule: GateRule): boolean {
  return metric.binary === true || (metric.averaged === true && rule.average === undefined)
}
