import * as z from 'zod'
import { FailOnSchema, OneOrMany } from './shared.js'

const Names = z.array(z.string()).default([])
const Threshold = z.number().min(0).optional()

const Columns = z.strictObject({
  numeric: Names.describe('Columns of quantities.'),
  categorical: Names.describe('Columns of categories or codes.'),
  ignore: Names.describe('Columns that are not compared, such as identifiers.'),
  critical: Names.describe('Columns of which any drift fails the data set.'),
})

const Thresholds = z.strictObject({
  'wasserstein-normalised': Threshold.describe(
    'How far values may move, in standard deviations of the reference.',
  ),
  'jensen-shannon': Threshold.describe(
    'Largest Jensen-Shannon distance (base 2, between 0 and 1).',
  ),
  'null-rate': Threshold.describe(
    'Largest change of the share of missing cells, 0 to 1; 0.05 unless given.',
  ),
  wasserstein: Threshold.describe("How far values may move, in the column's own unit."),
  psi: Threshold.describe('Largest population stability index.'),
  hellinger: Threshold.describe('Largest Hellinger distance, 0 to 1.'),
  'total-variation': Threshold.describe('Largest total variation distance, 0 to 1.'),
})

/** The `drift` section of modelway.yml. */
export const DriftSection = z.strictObject({
  reference: OneOrMany.describe('What the model was trained on: files or globs, one a line.'),
  current: OneOrMany.describe('What the model meets now: files or globs, one a line.'),
  columns: Columns.default({ numeric: [], categorical: [], ignore: [], critical: [] }).describe(
    'What the columns are. Text, booleans and integers of at most 20 values are categorical and other numbers numeric, unless named here.',
  ),
  tests: z
    .record(z.string(), z.string())
    .default({ numeric: 'ks', categorical: 'chi-square' })
    .describe(
      'The test for `numeric` columns, for `categorical` columns, or for a column by name.',
    ),
  thresholds: Thresholds.default({
    'wasserstein-normalised': 0.1,
    'jensen-shannon': 0.1,
    'null-rate': 0.05,
  }).describe(
    'How large a change must be, beside being significant. The first that is given of wasserstein-normalised, wasserstein, psi, jensen-shannon, hellinger and total-variation holds for numeric columns; of jensen-shannon, psi, hellinger and total-variation for categorical ones.',
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
  engine: z.enum(['embedded']).default('embedded').describe('Where the statistics are computed.'),
  triggers: z
    .array(z.enum(['summary']))
    .default([])
    .describe('What is set off by drift: `summary` writes it to the job summary.'),
  'fail-on': FailOnSchema,
})
export type DriftSection = z.output<typeof DriftSection>
