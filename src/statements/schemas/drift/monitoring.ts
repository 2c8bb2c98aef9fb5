import * as z from 'zod'
import type { DeepReadonly } from '../deep-readonly.js'

const Window = z.object({
  from: z.string(),
  to: z.string(),
  values: z.number(),
  unusable: z.number(),
  independent: z.number().nullable(),
})

/** One rule of one operational number: the key `operational` of a drift statement holds a list of these. */
export const OperationalResult = z.object({
  name: z.string(),
  rule: z.enum(['at-most', 'at-least', 'compare-with']),
  of: z.string(),
  query: z.string(),
  level: z.enum(['fail', 'warn']),
  status: z.enum(['pass', 'warn', 'fail', 'inconclusive', 'no-data']),
  reason: z.string(),
  evidence: z.enum(['estimate', 'test']),
  value: z.number().nullable(),
  limit: z.number(),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable(),
  window: Window,
  before: Window.nullable(),
  histogram: z
    .object({
      kind: z.literal('numeric'),
      edges: z.array(z.number()),
      reference: z.array(z.number()),
      current: z.array(z.number()),
    })
    .nullable(),
})
export type OperationalResult = DeepReadonly<z.output<typeof OperationalResult>>

/** The key `source` of a drift statement whose results another monitor made. */
export const DriftSource = z.object({
  kind: z.enum(['evidently-json', 'alibi-detect']),
  monitor: z.string(),
  version: z.string().nullable(),
})
export type DriftSource = DeepReadonly<z.output<typeof DriftSource>>
