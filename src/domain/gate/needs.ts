import { columnOf } from '../metrics/column.js'
import { getMetric } from '../metrics/index.js'
import type { Metric } from '../metrics/metric.js'
import { type GateRule, sliceColumns } from './policy.js'

/** What the rules read of the files beside id and label. */
export interface ColumnNeeds {
  readonly prediction: boolean
  readonly score: boolean
  /** Some metric takes the score for a probability. */
  readonly probability: boolean
  /** Some metric singles out a positive class. */
  readonly positive: boolean
  /** Columns of slices and of fairness groups. */
  readonly groups: readonly string[]
  /** Columns of `column:<name>` metrics. */
  readonly columns: readonly string[]
}

/** What a set of rules reads; unknown metrics need nothing, since the policy check refuses them. */
export function columnNeeds(rules: readonly GateRule[]): ColumnNeeds {
  const metrics = rules.map((rule) => ({ rule, metric: getMetric(rule.metric) }))
  const some = (test: (metric: Metric, rule: GateRule) => boolean) =>
    metrics.some(({ rule, metric }) => metric !== undefined && test(metric, rule))
  const groups = rules.flatMap((rule) => [...sliceColumns(rule).flat(), ...groupOf(rule)])
  const columns = rules.flatMap((rule) => columnOf(rule.metric) ?? [])
  return {
    prediction: some(({ needs }) => needs.includes('prediction')),
    score: some(({ needs }) => needs.includes('score') || needs.includes('probability')),
    probability: some(({ needs }) => needs.includes('probability')),
    positive: some(needsPositive),
    groups: [...new Set(groups)],
    columns: [...new Set(columns)],
  }
}

function groupOf(rule: GateRule): string[] {
  return rule.group === undefined ? [] : [rule.group]
}

/** Whether a metric under this rule singles out one class. */
export function needsPositive(metric: Metric, rule: GateRule): boolean {
  return metric.binary === true || (metric.averaged === true && rule.average === undefined)
}
