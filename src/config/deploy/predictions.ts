import * as z from 'zod'
import { Duration } from '../duration.js'
import { oneOrMany } from '../shared.js'

const Column = z.string().min(1)

/** Where a record has what: a key, or a path of keys with dots between them. */
export const PredictionColumns = z
  .strictObject({
    time: Column.optional().describe(
      'When it was answered: ISO 8601, or seconds, milliseconds, microseconds or nanoseconds since 1970. Default: `time`; a record without one counts when it is first seen.',
    ),
    version: Column.optional().describe(
      'The version that answered, as `deploy.backends.<role>.name` (or `version`) has it. Default: `version`; in payload logs `endpoint`.',
    ),
    id: Column.optional().describe(
      'The id of the request, by which labels and mirrored answers are found. Default: `id`; in payload logs `requestid`, else `id`.',
    ),
    prediction: Column.optional().describe(
      'The prediction, or the whole answer of the model (v2 `outputs`, v1 `predictions`), of which `deploy.analysis` says which output. Default: `prediction`; in payload logs the answer.',
    ),
    status: Column.optional().describe(
      'The HTTP status: 500 and above is an error. Default: `status`.',
    ),
    error: Column.optional().describe(
      'Whether it failed: true, 1, or a text that says why. Without it and `status` no request counts as failed.',
    ),
    latency: Column.optional().describe(
      'How long it took. Without it no latency is known, except in payload logs with both question and answer.',
    ),
    mirrored: Column.optional().describe(
      'True where the answer went to nobody. Default: `mirrored`.',
    ),
  })
  .default({})
  .describe('Where a record has what: a key, or a path such as `response.model_version`.')
export type PredictionColumns = z.output<typeof PredictionColumns>

const Objects = z.strictObject({
  store: z
    .enum(['s3', 'gcs', 'azure'])
    .describe('`s3` (also MinIO, R2 and others that speak it), `gcs`, or `azure` blobs.'),
  bucket: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,221}$/, 'must be the name of a bucket or container')
    .describe('The bucket; of Azure the container.'),
  prefix: z.string().max(1024).default('').describe('What the names of the objects begin with.'),
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must be the name of a region')
    .optional()
    .describe('The region of the bucket; that of the environment unless given.'),
  account: z
    .string()
    .regex(/^[a-z0-9]{3,24}$/, 'must be the name of a storage account')
    .optional()
    .describe('The storage account of Azure.'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Another address of the store; https, unless it is this machine.'),
  ordered: z
    .boolean()
    .default(false)
    .describe(
      'Whether new objects always come after the older ones by name, as in `2026/11/24/05/…`: then only names after the last one are listed.',
    ),
})

const Kafka = z.strictObject({
  brokers: oneOrMany(
    z.string().regex(/^[^\s:/]+:\d{1,5}$|^\[[\d:a-fA-F]+\]:\d{1,5}$/, 'must be host:port'),
    1,
  ).describe('Brokers, `host:port`.'),
  topic: z.string().min(1).max(249).describe('The topic.'),
  tls: z.boolean().default(false).describe('Whether brokers are reached by TLS.'),
  sasl: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .default('plain')
    .describe(
      'How MODELWAY_KAFKA_USERNAME and MODELWAY_KAFKA_PASSWORD, where they are set, are presented.',
    ),
  group: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A consumer group, to which what was read is committed. Without it a new group is made up for every look, and nothing is committed.',
    ),
})

/** Keys that say what a record means, wherever records come from. */
export const recordKeys = {
  columns: PredictionColumns,
  'latency-unit': z
    .enum(['ns', 'us', 'ms', 's'])
    .default('ms')
    .describe('What `columns.latency` is in.'),
  match: z
    .enum(['exact', 'prefix'])
    .default('exact')
    .describe(
      "How a record's version is recognised: as it is (`exact`), or also with more behind a `-`, `/`, `.` or `:` (`prefix`), as pods have it.",
    ),
}

/** `deploy.signals.predictions`: a log of single predictions. */
export const PredictionSignals = z
  .strictObject({
    files: oneOrMany(z.string().min(1), 1)
      .optional()
      .describe('Files, folders or patterns (`logs/*.jsonl`) that grow.'),
    objects: Objects.optional().describe('Objects of a store, new ones under a prefix.'),
    kafka: Kafka.optional().describe('A topic of Kafka.'),
    format: z
      .enum(['json-lines', 'json', 'csv', 'parquet', 'arrow'])
      .optional()
      .describe('What files and objects hold; what their names say unless given.'),
    payload: z
      .enum(['records', 'cloud-events'])
      .default('records')
      .describe(
        'What a record is: an answer in `columns`, or a CloudEvent with question or answer, as the payload loggers of KServe and Seldon write it.',
      ),
    ...recordKeys,
    'clock-skew': Duration.default(1000).describe(
      'How far the clocks of those who write the log may be behind: answers dated this much before the weights were set still count for them.',
    ),
    lag: Duration.default(5000).describe('How long an answer may take to be in the log.'),
    'timeout-seconds': z
      .number()
      .gt(0)
      .max(3600)
      .default(300)
      .describe('How long one answer of a store, an object as a whole, may take.'),
  })
  .refine(
    ({ files, objects, kafka }) =>
      [files, objects, kafka].filter((place) => place !== undefined).length === 1,
    'exactly one of files, objects and kafka must be given',
  )
export type PredictionSignals = z.output<typeof PredictionSignals>
export type ObjectPlace = z.output<typeof Objects>
export type KafkaPlace = z.output<typeof Kafka>
