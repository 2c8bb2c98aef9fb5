import * as z from 'zod'
import { Analysis } from './deploy/analysis.js'
import { Backends, Listen } from './deploy/backends.js'
import { SignalsSection } from './deploy/signals.js'
import { Steps } from './deploy/steps.js'
import { targetKinds, targetSections } from './deploy/targets.js'
import { Duration } from './duration.js'
import { FailOnSchema } from './shared.js'

/** The `deploy` section of modelway.yml. */
export const DeploySection = z.strictObject({
  target: z
    .enum(targetKinds)
    .default('embedded')
    .describe(
      'What divides the traffic: `embedded` is a router process on this machine; the others are systems that run already (docs/targets.md).',
    ),
  ...targetSections,
  signals: SignalsSection.optional().describe(
    'Where it is known what users met; the embedded router counts by itself.',
  ),
  record: z
    .enum(['target', 'folder', 'forge'])
    .optional()
    .describe(
      "Where the rollout's state is kept for the next run: in the `target`, in the `folder` state-dir, or in the `forge` (refs/modelway/). Default: in the target where it can hold it.",
    ),
  settle: Duration.optional().describe(
    'How long what users meet may take to follow a change of weights; these requests are not counted. Default: 5s (the embedded router: none).',
  ),
  mode: z
    .enum(['canary', 'shadow', 'direct', 'promote', 'rollback'])
    .default('canary')
    .describe(
      '`canary` by steps on evidence; `shadow` compares mirrored answers and gives the canary no user; `direct` switches at once; `promote` and `rollback` end what is under way (`rollback` without a rollout goes to the version before).',
    ),
  steps: Steps.default([5, 25, 50, 100]).describe(
    'Weights of the canary in percent, ascending; 100 is the promotion.',
  ),
  interval: Duration.default(60_000).describe('Time between two looks, such as 5s or 2m.'),
  analysis: Analysis,
  alpha: z
    .number()
    .gt(0)
    .lt(0.5)
    .default(0.05)
    .describe('How often a good canary may be rolled back, over all metrics and looks together.'),
  mirror: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe(
      'Percent of requests that the other version gets a copy of; its answer goes to nobody. At 100, quality compares the two answers to each request, which takes far fewer requests. Default: 100 in shadow mode, else 0.',
    ),
  environment: z
    .string()
    .min(1)
    .default('production')
    .describe('The environment of the deployment record.'),
  resume: z
    .enum(['auto', 'finish', 'rollback', 'off'])
    .default('auto')
    .describe(
      'What to do with a rollout that an earlier run left unfinished: `finish` it, go back (`rollback`), refuse (`off`), or `auto`: finish it when it deploys the same version, else go back first.',
    ),
  'min-requests': z
    .int()
    .min(1)
    .default(100)
    .describe('Requests that the canary must have answered at a step before the next.'),
  horizon: Duration.default(3_600_000).describe(
    'Time at one step after which the evidence counts as inconclusive.',
  ),
  'max-hold': Duration.default(1_800_000).describe(
    'How long an inconclusive rollout keeps its weight before it goes back.',
  ),
  'max-bad-requests': z
    .int()
    .min(0)
    .optional()
    .describe("Users' requests that the canary may fail in all; one more ends the rollout."),
  backends: Backends.default({}).describe('The two versions and how they are reached or started.'),
  listen: Listen.default({ host: '127.0.0.1', port: 8080 }).describe(
    'Where the router takes requests.',
  ),
  'state-dir': z
    .string()
    .min(1)
    .default('.modelway-router')
    .describe("The folder of the router's state, logs and predictions; outlives the run."),
  'health-path': z
    .string()
    .regex(/^(\/.*)?$/, 'must be empty or begin with /')
    .default('/v2/health/ready')
    .describe('The health check of the versions; empty for none.'),
  'start-timeout': Duration.default(60_000).describe('How long a version may take to be ready.'),
  'request-timeout': Duration.default(30_000).describe('How long a version may take to answer.'),
  'sticky-header': z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
    .optional()
    .describe('Requests with the same value of this header always meet the same version.'),
  seed: z.int().optional().describe('Makes the split of requests repeatable.'),
  'fail-on': FailOnSchema,
})
export type DeploySection = z.output<typeof DeploySection>
