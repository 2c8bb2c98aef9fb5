import * as z from 'zod'
import type { DeepReadonly } from '../deep-readonly.js'

const Sides = z.object({ reference: z.number(), current: z.number() })
const Shares = z.array(z.number())
const Gap = z.object({
  longest: z.number(),
  from: z.string().nullable(),
  timesMean: z.number().nullable(),
})

/** What a drift statement says of a column of points in time. */
export const DatetimeEvidenceSchema = z.object({
  rows: Sides,
  leading: z.string().nullable(),
  distance: z.object({ name: z.literal('jensen-shannon'), value: z.number().nullable() }),
  pValue: z.number().nullable(),
  statistic: z.number().nullable(),
  cycles: z.array(
    z.object({
      cycle: z.string(),
      cycles: Sides,
      labels: z.array(z.string()),
      reference: Shares,
      current: Shares,
      statistic: z.number(),
      pValue: z.number(),
      adjustedPValue: z.number(),
      distance: z.number(),
    }),
  ),
  gaps: z.object({ reference: Gap.nullable(), current: Gap.nullable() }),
  reasons: z.array(z.string()),
})
export type DatetimeEvidenceSchema = DeepReadonly<z.output<typeof DatetimeEvidenceSchema>>
