import * as z from 'zod'

/** What a drift statement says of its triggers. Those of earlier versions say kind and fired only. */
export const DriftTriggers = z.array(
  z.object({
    kind: z.string(),
    fired: z.boolean(),
    failed: z.boolean().optional(),
    reason: z.string().optional(),
    target: z.string().optional(),
    key: z.string().optional(),
    at: z.string().optional(),
    url: z.string().optional(),
  }),
)
