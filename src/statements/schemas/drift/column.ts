import * as z from 'zod'

const Sides = z.object({ reference: z.number(), current: z.number() })
const Shares = z.array(z.number())
const Amount = z.number().nullable()

const Histogram = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('numeric'), edges: Shares, reference: Shares, current: Shares }),
  z.object({
    kind: z.literal('categorical'),
    categories: z.array(z.string()),
    reference: Shares,
    current: Shares,
    others: Sides,
    otherCount: z.number(),
  }),
])

const Status = z.enum(['drifted', 'unconfirmed', 'inconclusive', 'stable'])

const Against = z.object({
  reference: z.string(),
  status: z.enum(['drifted', 'unconfirmed', 'inconclusive', 'stable', 'absent']),
  distance: Amount,
  adjustedPValue: Amount,
})

/** What a drift statement says of one column. Statements of the first release lack what is optional. */
export const DriftColumn = z.object({
  name: z.string(),
  kind: z.enum(['numeric', 'categorical', 'text', 'datetime', 'vector']),
  critical: z.boolean(),
  status: Status,
  reason: z.string(),
  test: z.string().nullable(),
  statistic: Amount,
  pValue: Amount,
  adjustedPValue: Amount,
  distance: z
    .object({
      name: z.string(),
      value: Amount,
      threshold: z.number(),
      noise: Amount.optional(),
      detectable: Amount.optional(),
    })
    .nullable(),
  psi: Amount,
  js: Amount,
  values: Sides.optional(),
  nulls: Sides,
  nullTest: z.object({ pValue: z.number(), adjustedPValue: z.number() }).nullable().optional(),
  infinities: Sides.optional(),
  newCategories: z.array(z.string()),
  valuesLeftOut: z.boolean().optional(),
  newCategoryCount: z.number().optional(),
  vanishedCategories: z.array(z.string()).optional(),
  vanishedCategoryCount: z.number().optional(),
  newShare: z.number().optional(),
  rankError: z.number().optional(),
  drifted: z.boolean(),
  details: z.array(z.string()).optional(),
  against: z.array(Against).optional(),
  histogram: Histogram.nullable(),
})
