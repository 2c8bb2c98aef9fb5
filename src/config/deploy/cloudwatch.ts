import * as z from 'zod'
import { Duration } from '../duration.js'
import { awsPlace } from './aws.js'

const MetricName = z.string().min(1).max(255)

const DEFAULT_BUCKETS = [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

/** `deploy.signals.cloudwatch`: what users met, by metrics of Amazon CloudWatch, minute by minute. */
export const CloudWatchSignals = z
  .strictObject({
    ...awsPlace,
    namespace: z
      .string()
      .regex(/^[^:].{0,254}$/, 'must be a namespace such as AWS/SageMaker')
      .describe('The namespace of the metrics.'),
    dimensions: z
      .record(z.string().min(1).max(255), z.string().min(1).max(1024))
      .refine((all) => Object.keys(all).length <= 30, 'must be at most 30')
      .describe(
        'All dimensions of the metrics, such as `VariantName: "{name}"`; `{name}` (what signals call the version, docs/signals.md) and `{version}` in a value are filled in.',
      ),
    requests: MetricName.describe('The metric whose sum is the number of finished requests.'),
    errors: MetricName.optional().describe(
      'The metric whose sum is the number of failed requests. Without it no request counts as failed.',
    ),
    'errors-with-zeros': z
      .boolean()
      .default(false)
      .describe(
        'Whether each request gives a value of `errors`, 0 where it did not fail: then requests without one are counted only in part, and the stretch is unknown.',
      ),
    latency: MetricName.optional().describe(
      "The metric whose values are requests' times; it is counted by the statistic TC (trimmed count), which needs single values, not sets of statistics.",
    ),
    'latency-unit': z
      .enum(['us', 'ms', 's'])
      .default('ms')
      .describe('What latencies are measured in.'),
    buckets: z
      .array(z.number().gt(0))
      .min(1)
      .max(30)
      .refine(
        (bounds) => bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? 0)),
        'must ascend',
      )
      .default(DEFAULT_BUCKETS)
      .describe(
        'Upper bounds of the buckets of latency, milliseconds. Each is one statistic that CloudWatch is asked for.',
      ),
    lag: Duration.default(180_000).describe('How long after its end a minute is whole.'),
    'timeout-seconds': z.number().gt(0).max(300).default(30).describe('How long a query may take.'),
  })
  .refine(
    ({ dimensions }) => Object.values(dimensions).some((one) => /\{(name|version)\}/.test(one)),
    {
      error: 'one of them must name the version by {name}',
      path: ['dimensions'],
    },
  )
export type CloudWatchSignals = z.output<typeof CloudWatchSignals>
