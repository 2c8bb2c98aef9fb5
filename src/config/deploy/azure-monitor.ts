import * as z from 'zod'
import { Duration } from '../duration.js'
import { azure } from './azure.js'
import { countQueries } from './count-queries.js'

const Name = z.string().regex(/^[A-Za-z0-9_ -]{1,100}$/, 'must be a name')

/** `deploy.signals.azure-monitor`: a metric of Azure Monitor that counts requests, minute by minute. */
export const AzureMonitorSignals = z.strictObject({
  resource: z
    .string()
    .regex(
      /^\/subscriptions\/[^/?#]+\/resourceGroups\/[^/?#]+\/providers(\/[^/?#]+){3,}$/i,
      'must be the id of a resource: /subscriptions/…',
    )
    .describe('The id of the resource, such as that of an online endpoint.'),
  metric: Name.default('RequestsPerMinute').describe('The metric that counts requests.'),
  aggregation: z
    .enum(['average', 'total', 'count'])
    .default('average')
    .describe(
      'What of a minute is its number of requests; see the list of metrics of the service.',
    ),
  dimension: Name.default('deployment').describe('The dimension that is the version.'),
  'status-dimension': Name.default('statusCodeClass').describe('The dimension of how it ended.'),
  errors: z
    .array(z.string().min(1).max(100))
    .default(['5xx'])
    .describe('The values of that dimension that are failed requests.'),
  ...azure,
  lag: Duration.default(180_000).describe('How long after its end a minute is whole.'),
  'timeout-seconds': z.number().gt(0).max(300).default(30).describe('How long a query may take.'),
})
export type AzureMonitorSignals = z.output<typeof AzureMonitorSignals>

/** `deploy.signals.azure-logs`: a workspace of Log Analytics. */
export const AzureLogsSignals = z.strictObject({
  workspace: z.guid().describe('The id of the workspace of Log Analytics.'),
  ...azure,
  ...countQueries({ query: 'a query in KQL that gives one number', lagMs: 300_000, isTimed: true }),
})
export type AzureLogsSignals = z.output<typeof AzureLogsSignals>
