import * as z from 'zod'

/** Where the statistics are computed. */
export const EngineName = z.enum([
  'embedded',
  'trino',
  'clickhouse',
  'spark',
  'duckdb',
  'bigquery',
  'snowflake',
  'athena',
  'databricks',
])
export type EngineName = z.output<typeof EngineName>

/** The keys of `drift.connection`: how an engine is reached. Secrets are environment variables, never keys. */
export const EngineConnection = z.strictObject({
  url: z.url().optional().describe('The address of the engine.'),
  via: z
    .enum(['connect', 'thrift', 'submit'])
    .optional()
    .describe(
      'How Spark is reached: Spark Connect, which it is unless given, its Thrift server, or a job that the `spark-sql` of SPARK_HOME submits.',
    ),
  master: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Where a submitted job of Spark runs, such as `yarn`; what `spark-defaults.conf` says unless given.',
    ),
  user: z
    .string()
    .min(1)
    .optional()
    .describe('The user; `modelway` unless given (in ClickHouse `default`).'),
  catalog: z.string().min(1).optional().describe('The catalog (in BigQuery the project).'),
  schema: z.string().min(1).optional().describe('The schema, database or dataset.'),
  warehouse: z
    .string()
    .min(1)
    .optional()
    .describe('The warehouse of Snowflake or Databricks, or the work group of Athena.'),
  region: z.string().min(1).optional().describe('The region of the cloud.'),
  'timeout-minutes': z
    .number()
    .gt(0)
    .default(30)
    .describe('How long a query may take before it is cancelled.'),
  'maximum-bytes': z
    .int()
    .min(1)
    .optional()
    .describe(
      'The most that BigQuery may bill for one query; one that would read more is not run.',
    ),
})
export type EngineConnection = z.output<typeof EngineConnection>
