import * as z from 'zod'
import { Duration } from '../duration.js'

const Url = z.url({ protocol: /^https?$/ })

/** The keys of `drift.metrics`: where the results go as metrics. Secrets are environment variables, never keys. */
export const DriftMetrics = z.strictObject({
  textfile: z
    .string()
    .min(1)
    .optional()
    .describe("A file in the format of Prometheus, for node_exporter's textfile collector."),
  pushgateway: Url.optional().describe('The address of a Prometheus Pushgateway.'),
  otlp: Url.optional().describe('The address of an OpenTelemetry collector (OTLP over HTTP).'),
  job: z.string().min(1).default('modelway').describe('The label `job`.'),
  labels: z.record(z.string(), z.string()).default({}).describe('Further labels of every metric.'),
})
export type DriftMetrics = z.output<typeof DriftMetrics>

/** The keys of `drift.prometheus`: operational numbers that are read and judged. */
export const DriftPrometheus = z.strictObject({
  url: Url.describe('The address of the Prometheus server.'),
  queries: z
    .record(
      z.string().min(1),
      z.strictObject({
        query: z.string().min(1).describe('PromQL that gives one series.'),
        'at-most': z.number().optional().describe('The largest value that is well.'),
        'at-least': z.number().optional().describe('The smallest value that is well.'),
        'compare-with': Duration.optional().describe(
          'Compares the range with the one so long before, as samples of a column.',
        ),
        range: Duration.prefault('1h').describe('How much of the past is read.'),
        level: z.enum(['fail', 'warn']).default('warn').describe('What a breach means.'),
      }),
    )
    .describe('Queries by name, such as `latency-p99`.'),
})
export type DriftPrometheus = z.output<typeof DriftPrometheus>
