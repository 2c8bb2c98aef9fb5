import * as z from 'zod'

const Scalar = z.union([z.string(), z.number(), z.boolean()])
const Count = z.int().min(0)

/** What a column must be like. */
export const ColumnRule = z.strictObject({
  type: z
    .enum(['integer', 'number', 'string', 'boolean', 'timestamp'])
    .optional()
    .describe('The type that every value must have; an integer is also a number.'),
  required: z.boolean().default(true).describe('Whether the column must be there.'),
  nulls: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('The largest share of missing values, 0 to 1.'),
  min: z.number().optional().describe('The smallest value.'),
  max: z.number().optional().describe('The largest value.'),
  in: z.array(Scalar).min(1).optional().describe('The only values that may occur.'),
  matches: z
    .string()
    .optional()
    .describe('A regular expression that every text must match in full.'),
  unique: z
    .union([z.boolean(), z.literal('per-file')])
    .default(false)
    .describe('No value twice, over all files (`true`) or within each (`per-file`).'),
  level: z.enum(['fail', 'warn']).default('fail').describe('What a breach means.'),
})
export type ColumnRule = z.output<typeof ColumnRule>

/** A data contract: the file that `data.contract` names. */
export const DataContract = z.strictObject({
  rows: z
    .strictObject({ min: Count.optional(), max: Count.optional() })
    .default({})
    .describe('How many rows there must be over all files.'),
  columns: z.record(z.string(), ColumnRule).default({}).describe('Rules by column name.'),
  'other-columns': z
    .enum(['allow', 'refuse'])
    .default('allow')
    .describe('Whether columns without a rule may occur.'),
})
export type DataContract = z.output<typeof DataContract>
