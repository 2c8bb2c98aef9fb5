import * as z from 'zod'
import type { DeepReadonly } from './deep-readonly.js'

const Observed = z.union([z.string(), z.number()])

/** What a dataset statement says. */
export const DatasetPredicate = z.object({
  source: z.array(z.string()),
  revision: z.string(),
  files: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
  rows: z.number(),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      nulls: z.number(),
      distinct: z.number().nullable(),
      min: z.number().nullable(),
      max: z.number().nullable(),
    }),
  ),
  contract: z
    .looseObject({
      path: z.string(),
      checks: z.array(
        z.object({
          id: z.string(),
          column: z.string().nullable(),
          status: z.enum(['pass', 'warn', 'fail']),
          observed: Observed,
          expected: Observed,
          failedRows: z.number(),
        }),
      ),
    })
    .nullable(),
  fingerprint: z.string(),
  decision: z.enum(['pass', 'warn', 'fail', 'inconclusive']),
})
export type DatasetPredicate = DeepReadonly<z.output<typeof DatasetPredicate>>
