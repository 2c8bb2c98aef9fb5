import * as z from 'zod'
import type { DeepReadonly } from './deep-readonly.js'
import { DecisionSchema } from './verdict.js'

const Arm = z.object({ n: z.number(), events: z.number() })

const AnalysisRow = z.object({
  metric: z.string(),
  slice: z.string().nullable(),
  method: z.string(),
  of: z.string(),
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  eValue: z.number().nullable(),
  threshold: z.number().nullable(),
  /** Where the test for harm has no e-value: at `bound` it finds harm. */
  statistic: z.object({ name: z.string(), value: z.number(), bound: z.number() }).optional(),
  promotionEValue: z.number().nullable(),
  promotionThreshold: z.number().nullable(),
  canary: Arm,
  stable: Arm,
  status: z.string(),
})

const Approval = z.object({
  environment: z.string(),
  by: z.string(),
  /** When it was given; a review of an environment has no time of its own, so that it is when it was read. */
  at: z.string(),
  via: z.enum(['environment', 'comment']).optional(),
  /** Which rule asked for it, in words. */
  rule: z.string().optional(),
  /** What the reviewer said. */
  comment: z.string().optional(),
  url: z.string().optional(),
  /** The commit that it was given for. */
  commit: z.string().optional(),
})

/** What the probe of our own found at the new version's server. */
const Probe = z.object({
  address: z.string(),
  protocol: z.string(),
  /** The examples that were compared. */
  golden: z.object({ file: z.string(), sha256: z.string(), rows: z.number() }).optional(),
  /** Before any traffic. */
  checks: z.array(z.object({ name: z.string(), status: z.string(), text: z.string() })),
  /** While the rollout lasted. */
  watch: z
    .object({
      looks: z.number(),
      canaryFailures: z.number(),
      usersFailures: z.number(),
      bothFailed: z.number(),
      stop: z.string().nullable(),
    })
    .optional(),
})

/** What a rollout statement says. */
export const RolloutPredicate = z.object({
  decision: DecisionSchema,
  outcome: z.enum(['promoted', 'rolled-back', 'held', 'shadowed', 'aborted']),
  target: z.string(),
  mode: z.string(),
  weight: z.number(),
  reason: z.string(),
  steps: z.array(
    z.object({
      weight: z.number(),
      startedAt: z.string(),
      endedAt: z.string(),
      requests: z.object({ stable: z.number(), canary: z.number() }),
      analysis: z.array(AnalysisRow),
    }),
  ),
  /** Evidence at every look, for the chart: e-values by metric and slice. */
  looks: z.array(
    z.object({
      at: z.string(),
      weight: z.number(),
      evidence: z.array(
        z.object({
          metric: z.string(),
          slice: z.string().nullable(),
          eValue: z.number().nullable(),
          threshold: z.number().nullable(),
        }),
      ),
    }),
  ),
  version: z.string(),
  previousVersion: z.string().nullable(),
  approvals: z.array(Approval),
  probe: Probe.optional(),
})
export type RolloutPredicate = DeepReadonly<z.output<typeof RolloutPredicate>>
