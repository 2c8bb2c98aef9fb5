import * as z from 'zod'
import { PositiveDuration } from '../duration.js'

const Url = z.url({ protocol: /^https?$/ }).refine((text) => !hasCredentials(text), {
  error:
    'must not hold a user name or password, which logs would publish: set the environment variables for them',
})

/** What an address that is no address holds is said by the other rule. */
function hasCredentials(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return `${username}${password}` !== ''
}

/** Labels that Modelway itself sets, or that Prometheus sets on everything it scrapes. */
const TAKEN = [
  'column',
  'decision',
  'distance',
  'instance',
  'job',
  'le',
  'metric',
  'name',
  'project',
  'quantile',
  'rule',
  'sample',
  'state',
  'status',
  'test',
] as const

const LabelName = z
  .string()
  .regex(/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a label name of Prometheus, such as team')
  .refine((name) => !TAKEN.some((taken) => taken === name), {
    error: `must be none of the labels that are set already: ${TAKEN.join(', ')}`,
  })

/** The keys of `drift.metrics`: where the results go as metrics. Secrets are environment variables, never keys. */
export const DriftMetrics = z.strictObject({
  textfile: z
    .string()
    .regex(/\.prom$/, 'must end in .prom, as the textfile collector reads nothing else')
    .optional()
    .describe("A file in the format of Prometheus, for node_exporter's textfile collector."),
  pushgateway: Url.optional().describe(
    'The address of a Prometheus Pushgateway. It is signed in to by MODELWAY_PUSHGATEWAY_TOKEN, or MODELWAY_PUSHGATEWAY_USERNAME and MODELWAY_PUSHGATEWAY_PASSWORD.',
  ),
  otlp: Url.optional().describe(
    'The address of an OpenTelemetry collector (OTLP over HTTP, with or without /v1/metrics). OTEL_EXPORTER_OTLP_HEADERS are sent along.',
  ),
  job: z
    .string()
    .min(1)
    .max(200)
    .default('modelway')
    .describe(
      'The label `job` of a Pushgateway, and `service.name` of OpenTelemetry; a textfile has none.',
    ),
  project: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'The label `project`, by which models are kept apart; unless given `project` of modelway.yml, and where it has none the repository.',
    ),
  labels: z
    .record(LabelName, z.string().max(200))
    .default({})
    .describe('Further labels of every metric.'),
  interval: PositiveDuration.optional().describe(
    'How often the check is meant to run, such as 1d: the alert rules say when it has not run for twice as long.',
  ),
})
export type DriftMetrics = z.output<typeof DriftMetrics>

const Level = z.enum(['fail', 'warn']).default('warn').describe('What a breach means.')
const Range = PositiveDuration.prefault('1h').describe('How much of the past is read.')

const OVERLAP = 'must be at least as long as range, so that the two ranges share no value'

/** Whether the two ranges that are compared lie apart. */
function apart(rule: {
  readonly range: number
  readonly 'compare-with'?: number | undefined
}): boolean {
  return rule['compare-with'] === undefined || rule['compare-with'] >= rule.range
}

const Values = z
  .strictObject({
    kind: z
      .literal('values')
      .default('values')
      .describe('Values over time, or with `histogram` the buckets of one.'),
    query: z
      .string()
      .min(1)
      .describe('PromQL that gives one series. `$range` in it stands for `range`, such as 3600s.'),
    'at-most': z.number().optional().describe('The largest value that is well.'),
    'at-least': z.number().optional().describe('The smallest value that is well.'),
    of: z
      .enum(['mean', 'last', 'max', 'min'])
      .default('mean')
      .describe('Which value of the range is held to the limits.'),
    'compare-with': PositiveDuration.optional().describe(
      'Compares the range with the one so long before, as samples of a column.',
    ),
    over: z
      .number()
      .min(0)
      .default(0.5)
      .describe(
        'How far values must have moved between the two ranges, in standard deviations of the earlier one.',
      ),
    range: Range,
    step: PositiveDuration.optional().describe(
      'The time between two values; a 60th of `range`, and 15s at least, unless given.',
    ),
    level: Level,
  })
  .refine(
    (rule) =>
      rule['at-most'] !== undefined ||
      rule['at-least'] !== undefined ||
      rule['compare-with'] !== undefined,
    { error: 'needs at-most, at-least or compare-with' },
  )
  .refine(apart, { error: OVERLAP, path: ['compare-with'] })

const HistogramQuery = z
  .strictObject({
    kind: z.literal('histogram'),
    query: z
      .string()
      .min(1)
      .describe(
        'PromQL that gives the counts of a histogram by `le`, such as `sum by (le) (increase(score_bucket[$range]))`.',
      ),
    'compare-with': PositiveDuration.describe('Compares the range with the one so long before.'),
    over: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('The largest Jensen-Shannon distance (base 2) between the two.'),
    range: Range,
    level: Level,
  })
  .refine(apart, { error: OVERLAP, path: ['compare-with'] })

/** A query without a kind reads values. */
const Query = z.preprocess(
  (value) =>
    typeof value === 'object' && value !== null && !('kind' in value)
      ? { kind: 'values', ...value }
      : value,
  z.discriminatedUnion('kind', [Values, HistogramQuery]),
)

/** The keys of `drift.prometheus`: operational numbers that are read and judged. */
export const DriftPrometheus = z.strictObject({
  url: Url.describe(
    'The address of the Prometheus server. It is signed in to by MODELWAY_PROMETHEUS_TOKEN, or MODELWAY_PROMETHEUS_USERNAME and MODELWAY_PROMETHEUS_PASSWORD.',
  ),
  'timeout-seconds': z.number().gt(0).max(600).default(30).describe('How long a query may take.'),
  queries: z.record(z.string().min(1), Query).describe('Queries by name, such as `latency-p99`.'),
})
export type DriftPrometheus = z.output<typeof DriftPrometheus>
