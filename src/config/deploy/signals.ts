import * as z from 'zod'
import { Duration } from '../duration.js'
import { AzureLogsSignals, AzureMonitorSignals } from './azure-monitor.js'
import { CloudMonitoringSignals } from './cloud-monitoring.js'
import { CloudWatchSignals } from './cloudwatch.js'
import { DatadogSignals } from './datadog.js'
import { GraphiteSignals } from './graphite.js'
import { InfluxdbSignals } from './influxdb.js'
import { NewRelicSignals } from './new-relic.js'
import { PredictionSignals } from './predictions.js'
import { SqlSignals } from './sql.js'

const Selector = z
  .string()
  .min(1)
  .describe(
    'A selector of Prometheus, such as `http_requests_total{service="{name}"}`; `{name}` and `{version}` in it are filled in.',
  )

/** `deploy.signals.prometheus`: what users met, by the counters of a Prometheus server. */
export const PrometheusSignals = z.strictObject({
  url: z.url().describe('Its address; Thanos, Mimir and VictoriaMetrics speak the same.'),
  requests: Selector.describe(
    'The counter of finished requests, as a selector; `{name}` (what signals call the version, docs/signals.md) and `{version}` in it are filled in.',
  ),
  errors: Selector.optional().describe(
    'The counter of failed requests, as a selector. Without it no request counts as failed.',
  ),
  rejections: Selector.optional().describe(
    'The counter of requests answered 4xx, as a selector, for the metric rejection-rate.',
  ),
  latency: Selector.optional().describe(
    'The histogram of latencies in seconds, as a selector of its `_bucket` series.',
  ),
  lag: Duration.default(30_000).describe(
    'How long after its end a stretch of time is whole: the scrape interval and a little more.',
  ),
  'sign-in': z
    .enum(['google', 'azure'])
    .optional()
    .describe(
      "Signs in as Google Cloud's account of the environment, renewed while it lasts: for https://monitoring.googleapis.com/v1/projects/<project>/location/global/prometheus. Or as Azure's, for an Azure Monitor workspace: https://<name>.prometheus.monitor.azure.com.",
    ),
  'timeout-seconds': z.number().gt(0).max(300).default(30).describe('How long a query may take.'),
})
export type PrometheusSignals = z.output<typeof PrometheusSignals>

/** Where it is known what users met, for targets that do not count by themselves. */
export const SignalsSection = z.strictObject({
  prometheus: PrometheusSignals.optional().describe(
    'The counters of a Prometheus server, by version.',
  ),
  'cloud-monitoring': CloudMonitoringSignals.optional().describe(
    'DELTA metrics of Google Cloud Monitoring. Cloud Run and Vertex AI need no setting for their own.',
  ),
  cloudwatch: CloudWatchSignals.optional().describe(
    'Metrics of Amazon CloudWatch. SageMaker and Lambda need no setting for their own.',
  ),
  'azure-monitor': AzureMonitorSignals.optional().describe(
    'A metric of Azure Monitor that counts requests by the minute.',
  ),
  'azure-logs': AzureLogsSignals.optional().describe('Queries of Log Analytics, in KQL.'),
  datadog: DatadogSignals.optional().describe('Count metrics of Datadog.'),
  'new-relic': NewRelicSignals.optional().describe('Events and metrics of New Relic, in NRQL.'),
  influxdb: InfluxdbSignals.optional().describe('A server of InfluxDB.'),
  graphite: GraphiteSignals.optional().describe('A server of Graphite.'),
  sql: SqlSignals.optional().describe('A query, for counts by version or single answers.'),
  predictions: PredictionSignals.optional().describe(
    'A log of single predictions, for quality, disagreement and raw latency; it counts too where nothing else does.',
  ),
})
export type SignalsSection = z.output<typeof SignalsSection>
