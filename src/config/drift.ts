import * as z from 'zod'
import { EngineConnection, EngineName } from './drift/engine.js'
import { DriftHealth } from './drift/health.js'
import { DriftMetrics, DriftPrometheus } from './drift/monitoring.js'
import { DriftMultivariate } from './drift/multivariate.js'
import { DriftPerformance } from './drift/performance.js'
import { DriftRows, DriftTime } from './drift/rows.js'
import { DriftLearn, DriftThresholds } from './drift/thresholds.js'
import { TriggerGuard, TriggerSchema } from './drift/triggers.js'
import { FailOnSchema, listOf, OneOrMany, oneOrMany } from './shared.js'

const SIZE = 'must be a size such as 512MB or 1GB'
const Names = oneOrMany(z.string()).default([])

const Columns = z.strictObject({
  numeric: Names.describe('Columns of quantities.'),
  categorical: Names.describe('Columns of categories or codes.'),
  text: Names.describe('Columns of free text.'),
  datetime: Names.describe('Columns of points in time that are compared.'),
  vectors: z
    .record(z.string().min(1), OneOrMany)
    .default({})
    .describe(
      'Vectors such as embeddings, by a name: one column of lists of numbers, or the columns of their components, where `*` at the end stands for anything.',
    ),
  ignore: Names.describe('Columns that are not compared, such as identifiers.'),
  critical: Names.describe('Columns of which any drift fails the data set.'),
  importance: z
    .record(z.string(), z.number().min(0))
    .default({})
    .describe('Weights of columns in `min-share`; with any, columns that are not named count 0.'),
})

const Keys = z.strictObject({
  source: z
    .enum(['data', 'evidently-json', 'alibi-detect'])
    .default('data')
    .describe(
      '`data` is compared here; the others take the results of a monitor that you already run, named by `current`, to the same decision and triggers.',
    ),
  reference: OneOrMany.optional().describe(
    'What the model was trained on: files, globs or folders, any source of setup-data, a profile of a data set, or `registry:<alias>`, one a line; with an engine the name of a table.',
  ),
  references: z
    .record(z.string().min(1), OneOrMany)
    .default({})
    .describe('Further references by name, such as the same month of last year.'),
  against: z
    .enum(['all', 'any'])
    .default('all')
    .describe('With several references, whether a column drifts against `all` or `any` of them.'),
  current: OneOrMany.describe(
    'What the model meets now: files, globs or folders, or any source of setup-data, one a line; with an engine the name of a table.',
  ),
  columns: Columns.prefault({}).describe(
    'What the columns are. Text, booleans and integers of at most 20 values are categorical and other numbers numeric, unless named here.',
  ),
  rows: DriftRows.prefault({}).describe('Which rows count.'),
  time: DriftTime.optional().describe('Windows of the current data in time.'),
  tests: z
    .record(z.string(), z.string())
    .default({ numeric: 'ks', categorical: 'chi-square' })
    .describe(
      'The test for `numeric` columns, for `categorical` columns, or for a column by name.',
    ),
  thresholds: DriftThresholds.default({
    'wasserstein-normalised': 0.1,
    'jensen-shannon': 0.1,
    'null-rate': 0.05,
  }).describe(
    'How large a change must be, beside being significant. The first that is given of wasserstein-normalised, wasserstein, psi, jensen-shannon, hellinger, total-variation, kullback-leibler, energy and l-infinity holds for numeric columns; of jensen-shannon, psi, hellinger, total-variation, kullback-leibler, l-infinity and cramers-v for categorical ones.',
  ),
  alpha: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.05)
    .describe('The corrected p-value below which a change is significant.'),
  correction: z
    .enum(['none', 'bonferroni', 'holm', 'benjamini-hochberg'])
    .default('benjamini-hochberg')
    .describe('How p-values are corrected for the number of tests.'),
  'min-share': z
    .number()
    .gt(0)
    .max(1)
    .default(0.3)
    .describe('The data set drifts when this share of its columns does, or any critical one.'),
  learn: DriftLearn.optional().describe(
    'Thresholds are learned from the history of the reference instead.',
  ),
  confirm: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('A column drifts when it did in this many windows in a row.'),
  history: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A JSON Lines file of earlier results: read for `confirm` and the report, and added to.',
    ),
  multivariate: DriftMultivariate.prefault({}).describe('Tests of all columns together.'),
  performance: DriftPerformance.optional().describe('Predictions and, where known, labels.'),
  health: DriftHealth.prefault({}).describe('Whether the current data is well formed.'),
  memory: z
    .string({ error: SIZE })
    .regex(/^\d+(\.\d+)?(MB|GB)$/, SIZE)
    .optional()
    .describe(
      'How much memory the data may take. What does not fit is summarised by sketches with a stated error. Unless given: most of what there is.',
    ),
  threads: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('How many threads read and compare; as many as there are processors unless given.'),
  'save-profile': z
    .string()
    .min(1)
    .optional()
    .describe(
      'Writes a profile of the reference to this file: it can stand for the reference later.',
    ),
  engine: EngineName.default('embedded').describe('Where the statistics are computed.'),
  connection: EngineConnection.prefault({}).describe('How the engine is reached.'),
  metrics: DriftMetrics.optional().describe('Where the results go as metrics.'),
  prometheus: DriftPrometheus.optional().describe('Operational numbers from Prometheus.'),
  triggers: listOf(TriggerSchema)
    .default([])
    .describe(
      'What is set off by drift: `summary`, `issue`, `repository-dispatch`, `workflow-dispatch`, `airflow`, `kafka`, `webhook`.',
    ),
  guard: TriggerGuard.prefault({}).describe('What holds triggers back.'),
  'fail-on': FailOnSchema,
})

/**
 * The `drift` section of modelway.yml. Another monitor's results hold its reference; data is compared with one, which is asked for together with whatever else is missing.
 */
export const DriftSection = Keys.refine(
  (section) => section.reference !== undefined || !['data', undefined].includes(section.source),
  { path: ['reference'], params: { missing: true }, error: 'is required', when: () => true },
)
export type DriftSection = z.output<typeof DriftSection>
