import { optionsOf, viewOf } from '../../src/domain/gate/draft.js'
import { type Contrast, contrastOf } from '../../src/domain/gate/evidence.js'
import { pairOf } from '../../src/domain/gate/examples.js'
import { metricOf } from '../../src/domain/gate/plan.js'
import type { GateRule } from '../../src/domain/gate/policy.js'
import type { MetricData } from '../../src/domain/metrics/data.js'
import type { Metric } from '../../src/domain/metrics/metric.js'
import { outcomeOf } from '../../src/domain/metrics/value.js'
import type { Population } from './population.js'

export type MetricRule = Pick<GateRule, 'metric' | 'group' | 'average' | 'method' | 'multi-class'>

/** The metric that a rule names. */
export function metricNamed(rule: MetricRule): Metric {
  const metric = metricOf(rule)
  if (metric === undefined) throw new Error(`no metric ${rule.metric}`)
  return metric
}

/** What a rule's metric is on the whole population. */
export function truthOf(population: Population, rule: MetricRule, of: Contrast): number {
  const metric = metricNamed(rule)
  const pair = pairOf(population, viewOf(metric, rule, undefined))
  const value = (data: MetricData | undefined): number =>
    (data && outcomeOf(metric, data, optionsOf(rule)).value) ?? Number.NaN
  return contrastOf(of, value(pair.candidate), value(pair.baseline))
}
