import * as z from 'zod'
import { Duration } from '../duration.js'
import { oneOrMany } from '../shared.js'

const Name = z.string().min(1)
const Scalar = z.union([z.string(), z.number(), z.boolean()])

/** Of numbers, or of times; text that is neither is not compared here. */
function isAbove(min: number | string | undefined, max: number | string | undefined): boolean {
  if (min === undefined || max === undefined) return false
  return pointOf(min) > pointOf(max)
}

function pointOf(bound: number | string): number {
  return typeof bound === 'number' ? bound : Date.parse(bound)
}

function emptyRange({ min, max }: { readonly min?: unknown; readonly max?: unknown }): string {
  return `has min ${min} above max ${max}: nothing lies between`
}

/**
 * What the value of one column must be for a row to count. Conditions hold all together; a missing cell is in no list and between no
 * bounds. `rowMatcher` of src/tabular/data-set applies it.
 */
export const RowCondition = z.union([
  Scalar,
  z.array(Scalar).min(1),
  z
    .strictObject({
      in: oneOrMany(Scalar, 1).optional().describe('The only values.'),
      'not-in': oneOrMany(Scalar, 1)
        .optional()
        .describe('Values that are left out. A missing cell is none of them, so its row stays.'),
      min: z
        .union([z.number(), z.string()])
        .optional()
        .describe('The smallest value; times are written in ISO 8601.'),
      max: z.union([z.number(), z.string()]).optional().describe('The largest value.'),
      below: z.union([z.number(), z.string()]).optional().describe('What values must be under.'),
      missing: z.boolean().optional().describe('Whether the cell is missing.'),
    })
    .refine(({ min, max }) => !isAbove(min, max), {
      error: ({ input }) => emptyRange(input as { min?: unknown; max?: unknown }),
    }),
])
export type RowCondition = z.output<typeof RowCondition>

/** Conditions by column; a row counts where all hold. */
export const RowFilter = z.record(Name, RowCondition)
export type RowFilter = z.output<typeof RowFilter>

/** The keys of `drift.rows`: which rows of what was read count. */
export const DriftRows = z.strictObject({
  where: RowFilter.default({}).describe(
    'Conditions by column that rows of both samples must meet: a value, a list of values, or `min`, `max`, `below`, `in`, `not-in` and `missing`.',
  ),
  reference: RowFilter.default({}).describe('Further conditions on rows of the reference.'),
  current: RowFilter.default({}).describe('Further conditions on rows of the current data.'),
  sample: z
    .int()
    .min(1)
    .optional()
    .describe('Takes this many rows of each sample, drawn at random without replacement.'),
  seed: z.int().min(0).default(7).describe('What random draws start from.'),
})
export type DriftRows = z.output<typeof DriftRows>

/** The keys of `drift.time`: windows of the current data. */
export const DriftTime = z.strictObject({
  column: Name.describe('The column of timestamps.'),
  window: Duration.refine((length) => length >= 1, 'must be longer than 0').describe(
    'How long a window is, such as 1d or 6h.',
  ),
  end: z
    .union([z.enum(['latest', 'now']), z.iso.datetime({ offset: true }), z.iso.date()])
    .default('latest')
    .describe(
      'Where the last window ends: at the `latest` row, `now`, or a point in time in ISO 8601. Windows start at whole multiples of their length since 1970 in UTC (weeks on Mondays), unless a point is given.',
    ),
  windows: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('How many windows are judged, the last of them decides.'),
  season: z
    .enum(['none', 'hour', 'weekday', 'month'])
    .default('none')
    .describe(
      'Compares a window only with the rows of the reference of the same hour of the day, day of the week or month of the year, in UTC.',
    ),
  late: Duration.optional().describe(
    'A window that ends less than this ago may still be filling: it is not judged.',
  ),
})
export type DriftTime = z.output<typeof DriftTime>
