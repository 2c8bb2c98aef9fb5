import * as z from 'zod'
import type { DeepReadonly } from './deep-readonly.js'

export const DecisionSchema = z.enum(['pass', 'warn', 'fail', 'inconclusive'])

const Check = z.object({
  id: z.string(),
  metric: z.string(),
  slice: z.object({ column: z.string(), value: z.string().nullable() }).nullable(),
  level: z.enum(['fail', 'warn']),
  n: z.number(),
  candidate: z.number().nullable(),
  baseline: z.number().nullable(),
  difference: z.number().nullable(),
  interval: z
    .object({
      of: z.enum(['difference', 'candidate']),
      level: z.number(),
      low: z.number(),
      high: z.number(),
      method: z.string(),
    })
    .nullable(),
  test: z
    .object({
      name: z.string(),
      statistic: z.number().nullable(),
      pValue: z.number(),
      adjustedPValue: z.number(),
    })
    .nullable(),
  claim: z
    .object({ boundary: z.number(), pValue: z.number(), adjustedPValue: z.number() })
    .nullable(),
  rule: z.record(z.string(), z.unknown()),
  status: z.enum(['pass', 'fail', 'inconclusive', 'skipped']),
  reason: z.string(),
})

/** What a verdict statement says. */
export const VerdictPredicate = z.object({
  decision: DecisionSchema,
  failOn: z.enum(['inconclusive', 'fail', 'never']),
  task: z.string(),
  samples: z.object({
    candidate: z.number(),
    baseline: z.number().nullable(),
    joined: z.number(),
  }),
  predictions: z.object({ path: z.string(), sha256: z.string() }),
  baseline: z
    .object({
      source: z.string(),
      digest: z.string().nullable(),
      ageDays: z.number().nullable(),
    })
    .nullable(),
  checks: z.array(Check),
})
export type VerdictPredicate = DeepReadonly<z.output<typeof VerdictPredicate>>
