import * as z from 'zod'
import { Duration } from '../duration.js'
import { GoogleEndpoint, GoogleProject } from './google.js'

const Filter = z
  .string()
  .min(1)
  .describe(
    'A monitoring filter of a DELTA metric, such as `metric.type="run.googleapis.com/request_count" AND resource.labels.revision_name="{name}"`; `{name}` and `{version}` in it are filled in.',
  )

/** `deploy.signals.cloud-monitoring`: what users met, by DELTA metrics of Google Cloud Monitoring, minute by minute. */
export const CloudMonitoringSignals = z.strictObject({
  project: GoogleProject,
  requests: Filter.describe('What counts finished requests, as a monitoring filter.'),
  errors: Filter.optional().describe(
    'What counts failed requests: a part of the former. Without it no request counts as failed.',
  ),
  latency: Filter.optional().describe('The distribution of latencies, as a monitoring filter.'),
  'latency-unit': z.enum(['ms', 's']).default('ms').describe('What latencies are measured in.'),
  lag: Duration.default(240_000).describe(
    'How long after its end a minute is whole: Google says up to three minutes after the sampling, which takes one.',
  ),
  endpoint: GoogleEndpoint.default('https://monitoring.googleapis.com').describe(
    'The address of the API.',
  ),
  'timeout-seconds': z.number().gt(0).max(300).default(30).describe('How long a query may take.'),
})
export type CloudMonitoringSignals = z.output<typeof CloudMonitoringSignals>
