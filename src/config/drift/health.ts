import * as z from 'zod'
import { PositiveDuration } from '../duration.js'
import { oneOrMany } from '../shared.js'

const Name = z.string().min(1)
const Level = z.enum(['fail', 'warn']).default('warn').describe('What a breach means.')

/** The keys of `drift.health`: whether the current data is well formed, whatever its distribution. */
export const DriftHealth = z.strictObject({
  contract: Name.optional().describe('A data contract, as in setup-data, for the current data.'),
  schema: z
    .strictObject({ level: Level })
    .optional()
    .describe('Columns that came, went or changed their type.'),
  duplicates: z
    .strictObject({
      key: oneOrMany(Name, 1)
        .optional()
        .describe('The columns that identify a row; whole rows unless given.'),
      'max-share': z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('The largest share of rows that may repeat an earlier one.'),
      level: Level,
    })
    .optional()
    .describe('Rows that are there twice.'),
  freshness: z
    .strictObject({
      column: Name.describe('The column of timestamps.'),
      'max-age': PositiveDuration.describe('How old the newest row may be, such as 26h.'),
      level: Level,
    })
    .optional()
    .describe('How old the newest row is.'),
  volume: z
    .strictObject({
      min: z.int().min(0).optional().describe('The fewest rows.'),
      max: z.int().min(0).optional().describe('The most rows.'),
      history: z
        .boolean()
        .default(true)
        .describe(
          'Whether the rows are compared with those of at least 5 earlier windows, of the same weekday where there are as many.',
        ),
      level: Level,
    })
    .optional()
    .describe('How many rows there are.'),
  ranges: z
    .strictObject({
      'max-share': z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe(
          'The largest share of values that may lie outside of the range. Beyond the range of the reference more must lie than chance explains.',
        ),
      columns: z
        .record(Name, z.strictObject({ min: z.number().optional(), max: z.number().optional() }))
        .default({})
        .describe(
          "Ranges by column, in place of the reference's; an end that is not given is open.",
        ),
      level: Level,
    })
    .optional()
    .describe('Numbers outside of the range that the reference has.'),
  outliers: z
    .strictObject({
      method: z
        .enum(['robust-z', 'isolation-forest'])
        .default('robust-z')
        .describe(
          'By column, in robust standard deviations of the reference; or by row, with an isolation forest that the reference trains.',
        ),
      over: z
        .number()
        .gt(0)
        .default(6)
        .describe('The robust z-score from which a value is an outlier.'),
      contamination: z
        .number()
        .gt(0)
        .max(0.5)
        .default(0.01)
        .describe(
          'The share of the rows of the reference that an isolation forest calls outliers.',
        ),
      'max-share': z
        .number()
        .min(0)
        .max(1)
        .default(0.01)
        .describe('How far the share of outliers may exceed that of the reference.'),
      level: Level,
    })
    .optional()
    .describe('Values, or rows, unlike the rest.'),
})
export type DriftHealth = z.output<typeof DriftHealth>
