import * as z from 'zod'
import type { DeepReadonly } from '../deep-readonly.js'

const Status = z.enum(['drifted', 'stable', 'inconclusive'])

const MultivariateTest = z.object({
  name: z.enum(['domain-classifier', 'mmd', 'pca', 'correlation']),
  status: Status,
  reason: z.string(),
  statistic: z.number().nullable(),
  pValue: z.number().nullable(),
  interval: z.object({ level: z.number(), low: z.number(), high: z.number() }).nullable(),
  threshold: z.number().nullable(),
  rows: z.object({ reference: z.number(), current: z.number() }),
  explains: z.array(
    z.object({
      columns: z.array(z.string()),
      share: z.number().nullable(),
      reference: z.number().nullable(),
      current: z.number().nullable(),
      difference: z.number().nullable(),
    }),
  ),
})

/** What a drift statement says of all columns together, under `multivariate`. */
export const MultivariatePredicate = z.object({
  status: Status,
  reason: z.string(),
  columns: z.number(),
  leftOut: z.array(z.object({ column: z.string(), reason: z.string() })),
  tests: z.array(MultivariateTest),
})
export type MultivariatePredicate = DeepReadonly<z.output<typeof MultivariatePredicate>>
