import * as z from 'zod'
import type { DeepReadonly } from './deep-readonly.js'
import { DriftColumn } from './drift/column.js'
import { DriftHealthResult } from './drift/health.js'
import { DriftHistory } from './drift/history.js'
import { DriftSource, OperationalResult } from './drift/monitoring.js'
import { MultivariatePredicate } from './drift/multivariate.js'
import { DriftPerformanceResult } from './drift/performance.js'
import { DriftTriggers } from './drift/triggers.js'
import { DecisionSchema } from './verdict.js'

const Sides = z.object({ reference: z.number(), current: z.number() })

const EarlierWindow = z.object({
  window: z.string().nullable(),
  decision: DecisionSchema,
  rows: Sides,
  driftedShare: z.number(),
  drifted: z.array(z.string()),
})

/** What a drift statement says. What is optional is not asked for in every run, or came in a later release. */
export const DriftPredicate = z.object({
  decision: DecisionSchema,
  reason: z.string(),
  rows: Sides,
  driftedShare: z.number(),
  inconclusiveShare: z.number().optional(),
  alpha: z.number(),
  correction: z.string(),
  minShare: z.number().optional(),
  engine: z.string().optional(),
  columns: z.array(DriftColumn),
  findings: z.array(z.object({ kind: z.string(), column: z.string(), detail: z.string() })),
  reference: z.object({ files: z.array(z.object({ path: z.string(), sha256: z.string() })) }),
  triggers: DriftTriggers,
  state: z.enum(['judged', 'no-data', 'late']).optional(),
  window: z.string().nullable().optional(),
  earlier: z.array(EarlierWindow).optional(),
  history: DriftHistory.optional(),
  multivariate: MultivariatePredicate.optional(),
  performance: DriftPerformanceResult.optional(),
  health: DriftHealthResult.optional(),
  operational: z.array(OperationalResult).optional(),
  source: DriftSource.optional(),
})
export type DriftPredicate = DeepReadonly<z.output<typeof DriftPredicate>>
