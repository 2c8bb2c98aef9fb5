import * as z from 'zod'
import { judgeByKayenta } from '../../domain/rollout/peers/kayenta-score.js'
import { finiteOrNull } from './samples.js'

const Values = z
  .array(z.number().nullable())
  .transform((values) => values.map((value) => value ?? Number.NaN))

const Metric = z.strictObject({
  name: z.string(),
  groups: z.array(z.string()).default([]),
  experiment: Values,
  control: Values,
  direction: z.enum(['increase', 'decrease', 'either']).default('either'),
  nanStrategy: z.enum(['remove', 'replace']).default('replace'),
  outliers: z
    .strictObject({
      strategy: z.enum(['keep', 'remove']).default('keep'),
      factor: z.number().positive().default(3),
    })
    .optional(),
  critical: z.boolean().default(false),
  mustHaveData: z.boolean().default(false),
  muted: z.boolean().default(false),
  effectSize: z
    .strictObject({
      measure: z.enum(['meanRatio', 'cles']).default('meanRatio'),
      allowedIncrease: z.number().optional(),
      allowedDecrease: z.number().optional(),
      criticalIncrease: z.number().optional(),
      criticalDecrease: z.number().optional(),
    })
    .optional(),
})

const input = z.strictObject({
  metrics: z
    .array(Metric)
    .min(1)
    .describe(
      'Each {name, groups, experiment, control} and the keys of analysisConfigurations.canary; null is a missing value.',
    ),
  groupWeights: z.record(z.string(), z.number()).default({}).describe('Percent a group.'),
  pass: z.number().default(95).describe('Score from which on the canary passes.'),
  marginal: z.number().default(75).describe('Score from which on it is marginal.'),
})

/** `modelway stats kayenta-judge`: what Kayenta would say, for those who come from there. */
export const procedure = {
  name: 'kayenta-judge',
  summary:
    'What the judge of Kayenta (NetflixACAJudge) makes of time series of a canary and its baseline.',
  input,
  output: {
    score: '0 to 100.',
    classification: 'Pass, Marginal or Fail.',
    reason: 'Why the score is 0 whatever the groups say; null otherwise.',
    groups: 'Score of each group.',
    metrics: 'Class, ratio of means (null where a mean is 0) and critical, for each metric.',
  },
  run(given: z.output<typeof input>) {
    const { score, classification, reason, groups, metrics } = judgeByKayenta(given)
    return {
      score,
      classification,
      reason: reason ?? null,
      groups: groups.map((group) => ({ name: group.name, score: group.score })),
      metrics: metrics.map((metric) => ({ ...metric, ratio: finiteOrNull(metric.ratio) })),
    }
  },
}
