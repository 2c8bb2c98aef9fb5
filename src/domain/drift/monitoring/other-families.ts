import { labelOf } from '../label.js'
import { gauge, type MetricFamily, type MetricSample } from './metric-family.js'

/**
 * What further parts of a drift result say, where they are there: `performance.metrics[] {metric, reference, current,
 * estimated}`, `health.checks[] {name, status}`, `multivariate.tests[] {name, status}` and `operational[] {name, rule,
 * status, value, limit}`. Parts of another shape give nothing.
 */
export function extraFamilies(body: object): MetricFamily[] {
  return [
    ...performanceFamilies(at(body, 'performance')),
    statusFamily('modelway_drift_health_check', 'What a check of the health of the data found.', [
      ...list(at(at(body, 'health'), 'checks')),
    ]),
    statusFamily('modelway_drift_multivariate', 'What a test of all columns together found.', [
      ...list(at(at(body, 'multivariate'), 'tests')),
    ]),
    ...operationalFamilies(list(at(body, 'operational'))),
  ]
}

const SAMPLES = ['reference', 'current', 'estimated'] as const

function performanceFamilies(performance: unknown): MetricFamily[] {
  const metrics = list(at(performance, 'metrics'))
  const values = metrics.flatMap((item) =>
    SAMPLES.flatMap((sample) => numbered({ metric: nameOf(item), sample }, at(item, sample))),
  )
  const status = at(performance, 'status')
  const degraded = typeof status === 'string' ? DEGRADED[status] : undefined
  return [
    gauge('modelway_drift_performance', 'Performance of the model, realised or estimated.', values),
    gauge(
      'modelway_drift_performance_degraded',
      'Whether performance became worse than allowed; without a sample where it could not be judged.',
      degraded === undefined ? [] : [{ labels: {}, value: degraded }],
    ),
  ]
}

const DEGRADED: Readonly<Record<string, number | undefined>> = {
  __proto__: undefined,
  degraded: 1,
  drifted: 1,
  fail: 1,
  warn: 1,
  pass: 0,
  stable: 0,
}

function statusFamily(name: string, help: string, items: readonly unknown[]): MetricFamily {
  const samples = items.flatMap((item) => {
    const status = at(item, 'status')
    return typeof status === 'string'
      ? [{ labels: { name: nameOf(item), status: labelOf(status) }, value: 1 }]
      : []
  })
  return gauge(name, `${help} Always 1; the label says what.`, distinct(samples))
}

function operationalFamilies(results: readonly unknown[]): MetricFamily[] {
  const of = (key: string): MetricSample[] =>
    results.flatMap((item) => numbered(ruleLabels(item), at(item, key)))
  return [
    gauge(
      'modelway_drift_operational',
      'An operational number, as the drift check read it.',
      distinct(of('value')),
    ),
    gauge(
      'modelway_drift_operational_limit',
      'The limit of an operational number.',
      distinct(of('limit')),
    ),
    statusFamily(
      'modelway_drift_operational_check',
      'What the check of an operational number found.',
      results,
    ),
  ]
}

function ruleLabels(item: unknown): Record<string, string> {
  const rule = at(item, 'rule')
  return { name: nameOf(item), rule: typeof rule === 'string' ? labelOf(rule) : '' }
}

function nameOf(item: unknown): string {
  for (const key of ['metric', 'name', 'id', 'kind', 'test']) {
    const name = at(item, key)
    if (typeof name === 'string' && name !== '') return labelOf(name)
  }
  return '(unnamed)'
}

function numbered(labels: MetricSample['labels'], value: unknown): MetricSample[] {
  return typeof value === 'number' ? [{ labels, value }] : []
}

/** The same labels twice would be one series twice, which no receiver takes. */
function distinct(samples: readonly MetricSample[]): MetricSample[] {
  const byLabels = new Map(samples.map((sample) => [JSON.stringify(sample.labels), sample]))
  return [...byLabels.values()]
}

/** A key that the object itself has. */
function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Reflect.get(value, key)
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
