import * as z from 'zod'
import type { DeepReadonly } from '../deep-readonly.js'

const TextOrNumber = z.union([z.string(), z.number()])

const HealthCheck = z.object({
  id: z.string(),
  column: z.string().nullable(),
  status: z.enum(['pass', 'warn', 'fail', 'inconclusive']),
  observed: TextOrNumber,
  expected: TextOrNumber,
  failedRows: z.number(),
  detail: z.string(),
})

/** What a drift statement says of the current data itself. */
export const DriftHealthResult = z.object({
  status: z.enum(['pass', 'warn', 'fail']),
  reason: z.string(),
  checks: z.array(HealthCheck),
})
export type DriftHealthResult = DeepReadonly<z.output<typeof DriftHealthResult>>
