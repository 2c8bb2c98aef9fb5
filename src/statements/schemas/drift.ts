import * as z from 'zod'
import type { DeepReadonly } from './deep-readonly.js'
import { DecisionSchema } from './verdict.js'

const Sides = z.object({ reference: z.number(), current: z.number() })
const Shares = z.array(z.number())

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

const DriftColumn = z.object({
  name: z.string(),
  kind: z.enum(['numeric', 'categorical']),
  critical: z.boolean(),
  status: z.enum(['drifted', 'stable', 'inconclusive']),
  reason: z.string(),
  test: z.string().nullable(),
  statistic: z.number().nullable(),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable(),
  distance: z
    .object({ name: z.string(), value: z.number().nullable(), threshold: z.number() })
    .nullable(),
  psi: z.number().nullable(),
  js: z.number().nullable(),
  nulls: Sides,
  newCategories: z.array(z.string()),
  drifted: z.boolean(),
  histogram: Histogram.nullable(),
})

/** What a drift statement says. */
export const DriftPredicate = z.object({
  decision: DecisionSchema,
  reason: z.string(),
  rows: Sides,
  driftedShare: z.number(),
  alpha: z.number(),
  correction: z.string(),
  columns: z.array(DriftColumn),
  findings: z.array(z.object({ kind: z.string(), column: z.string(), detail: z.string() })),
  reference: z.object({ files: z.array(z.object({ path: z.string(), sha256: z.string() })) }),
  triggers: z.array(z.object({ kind: z.string(), fired: z.boolean() })),
})
export type DriftPredicate = DeepReadonly<z.output<typeof DriftPredicate>>
