import * as z from 'zod'
import type { DeepReadonly } from '../deep-readonly.js'
import { DecisionSchema } from '../verdict.js'

/** What a drift statement says of the windows before: what the report draws. */
export const DriftHistory = z.object({
  columns: z.array(z.object({ name: z.string(), distance: z.string(), threshold: z.number() })),
  windows: z.array(
    z.object({
      window: z.string(),
      at: z.string(),
      state: z.enum(['judged', 'no-data', 'late']),
      decision: DecisionSchema,
      columns: z.number(),
      drifted: z.number(),
      unconfirmed: z.number(),
      driftedShare: z.number(),
      rows: z.number(),
      distances: z.array(z.number().nullable()),
    }),
  ),
  courses: z
    .array(
      z.object({
        name: z.string(),
        statuses: z.array(z.enum(['drifted', 'unconfirmed', 'inconclusive', 'stable']).nullable()),
      }),
    )
    .optional(),
})
export type DriftHistory = DeepReadonly<z.output<typeof DriftHistory>>
