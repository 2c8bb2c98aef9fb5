import type { HealthResult } from '../health/result.js'
import { labelOf } from '../label.js'
import type { MultivariateResult } from '../multivariate/result.js'
import type { PerformanceResult } from '../performance/result.js'
import { gauge, type MetricFamily, type MetricSample, numbered } from './metric-family.js'
import type { OperationalResult } from './operational-result.js'

/** What a drift result may hold beside its columns. */
export interface OtherParts {
  readonly performance?:
    | Pick<PerformanceResult, 'status' | 'metrics' | 'labelCoverage'>
    | null
    | undefined
  readonly health?: Pick<HealthResult, 'checks'> | null | undefined
  readonly multivariate?: Pick<MultivariateResult, 'tests'> | null | undefined
  readonly operational?: readonly OperationalResult[] | null | undefined
}

/** More checks than this cost a monitoring system more than they tell it; the worst are kept. */
const MOST_CHECKS = 500

/** The gauges of performance, health, all columns together, and operational numbers, where there are such results. */
export function otherFamilies(parts: OtherParts): MetricFamily[] {
  const { performance, health, multivariate, operational } = parts
  return [
    ...(performance ? performanceFamilies(performance) : []),
    ...(health ? [healthFamily(health.checks)] : []),
    ...(multivariate ? multivariateFamilies(multivariate.tests) : []),
    ...(operational ? operationalFamilies(operational) : []),
  ]
}

type Performance = NonNullable<OtherParts['performance']>

function performanceFamilies({ status, metrics, labelCoverage }: Performance): MetricFamily[] {
  const values = metrics.flatMap(({ name, average, realised, estimated }) => {
    const metric = labelOf(average === null ? name : `${name} (${average})`)
    return [
      ...numbered({ metric, sample: 'reference' }, realised.reference?.value),
      ...numbered({ metric, sample: 'current' }, realised.current?.value),
      ...numbered({ metric, sample: 'estimated' }, estimated?.current?.value),
    ]
  })
  return [
    gauge(
      'modelway_drift_performance',
      'Performance of the model: by labels, or estimated without them.',
      values,
    ),
    gauge(
      'modelway_drift_performance_degraded',
      'Whether performance became worse than allowed; without a sample where it could not be judged.',
      status === 'inconclusive' ? [] : [{ labels: {}, value: status === 'drifted' ? 1 : 0 }],
    ),
    gauge('modelway_drift_label_coverage_ratio', 'Share of the rows whose label is known.', [
      ...numbered({ sample: 'reference' }, labelCoverage.reference),
      ...numbered({ sample: 'current' }, labelCoverage.current),
    ]),
  ]
}

const SEVERITY = ['fail', 'warn', 'inconclusive', 'pass'] as const

function healthFamily(checks: HealthResult['checks']): MetricFamily {
  const worstFirst = SEVERITY.flatMap((status) => checks.filter((check) => check.status === status))
  return gauge(
    'modelway_drift_health_check',
    'A check of the health of the data. Always 1: the status is a label.',
    distinct(
      worstFirst
        .slice(0, MOST_CHECKS)
        .map(({ id, status }) => stated({ name: labelOf(id) }, status)),
    ),
  )
}

function multivariateFamilies(tests: MultivariateResult['tests']): MetricFamily[] {
  return [
    gauge(
      'modelway_drift_multivariate_test',
      'A test of all columns together. Always 1: the status is a label.',
      distinct(tests.map(({ name, status }) => stated({ name }, status))),
    ),
    gauge(
      'modelway_drift_multivariate_statistic',
      'What a test of all columns together measured.',
      distinct(tests.flatMap(({ name, statistic }) => numbered({ name }, statistic))),
    ),
  ]
}

function operationalFamilies(results: readonly OperationalResult[]): MetricFamily[] {
  const named = results.map((result) => ({
    ...result,
    labels: { name: labelOf(result.name), rule: result.rule },
  }))
  return [
    gauge(
      'modelway_drift_operational',
      'An operational number, as the drift check read it.',
      distinct(named.flatMap(({ labels, value }) => numbered(labels, value))),
    ),
    gauge(
      'modelway_drift_operational_limit',
      'The limit of an operational number.',
      distinct(named.map(({ labels, limit }) => ({ labels, value: limit }))),
    ),
    gauge(
      'modelway_drift_operational_check',
      'The check of an operational number. Always 1: the status is a label.',
      distinct(named.map(({ labels, status }) => stated(labels, status))),
    ),
  ]
}

function stated(labels: MetricSample['labels'], status: string): MetricSample {
  return { labels: { ...labels, status }, value: 1 }
}

/** The same labels twice would be one series twice, which no receiver takes. */
function distinct(samples: readonly MetricSample[]): MetricSample[] {
  const byLabels = new Map(samples.map((sample) => [JSON.stringify(sample.labels), sample]))
  return [...byLabels.values()]
}
