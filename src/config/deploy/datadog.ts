import * as z from 'zod'
import { countQueries, step } from './count-queries.js'
import { safeUrl } from './safe-url.js'

/** `deploy.signals.datadog`: count metrics of Datadog. */
export const DatadogSignals = z.strictObject({
  site: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a site of Datadog')
    .default('datadoghq.com')
    .describe('The site of the organization, such as datadoghq.eu or us5.datadoghq.com.'),
  endpoint: safeUrl('Another address of its API. Default: https://api.<site>.'),
  ...countQueries({
    query: 'a metric query such as `sum:model.requests{version:{name}}.as_count()`',
    lagMs: 60_000,
  }),
  step: step(
    10_000,
    'The length of the intervals that are added up; Agents send every 10 seconds.',
  ),
})
export type DatadogSignals = z.output<typeof DatadogSignals>
