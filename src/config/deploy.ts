import * as z from 'zod'
import { Analysis } from './deploy/analysis.js'
import { Approval } from './deploy/approval.js'
import { Backends, Listen } from './deploy/backends.js'
import { Commands, Live } from './deploy/live.js'
import { ProbeSection } from './deploy/probe.js'
import { SignalsSection } from './deploy/signals.js'
import { Steps } from './deploy/steps.js'
import { targetKinds, targetSections } from './deploy/targets.js'
import { Duration, PositiveDuration } from './duration.js'
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
    .enum([
      'canary',
      'shadow',
      'blue-green',
      'ab',
      'direct',
      'promote',
      'rollback',
      'abort',
      'continue',
    ])
    .default('canary')
    .describe(
      '`canary` by steps on evidence; `shadow` compares mirrored answers and gives the canary no user; `blue-green` switches all users at once and keeps the version before at hand for `soak`; `ab` keeps one weight until the canary is shown to be better; `direct` switches at once. `promote`, `rollback` and `abort` end what is under way (`rollback` without a rollout goes to the version before). `continue` goes on with a rollout that an earlier run left, and does nothing where there is none. `command`, only as an input of the workflow, answers a comment such as `/rollback` (docs/approvals.md).',
    ),
  steps: Steps.default([5, 25, 50, 100]).describe(
    'Weights of the canary in percent, ascending, or `linear 10`; 100 is the promotion.',
  ),
  pace: z
    .enum(['steps', 'evidence'])
    .default('steps')
    .describe(
      '`steps`: each weight in turn. `evidence`: the highest of the steps at which, by what is known so far, all users together meet at most `max-harm` more failures than with stable alone.',
    ),
  'max-harm': z
    .number()
    .gt(0)
    .max(10)
    .default(0.1)
    .describe('For `pace: evidence`: the share of further failures that is borne, such as 0.1.'),
  'hold-at': z
    .array(z.number().gt(0).lt(100))
    .default([])
    .describe(
      'Weights at which the rollout waits for a person: `/resume` in the conversation, or a run with `resume: release` (a job of a protected environment).',
    ),
  soak: Duration.default(0).describe(
    'How long the new version, with all users, is watched against the record of the one before, which is kept at hand. Default: 0s; blue-green: 10m.',
  ),
  detach: z
    .boolean()
    .default(false)
    .describe(
      'The run ends after one look with the outcome `held`; a scheduled run with `mode: continue` goes on. No runner waits.',
    ),
  'max-unattended': PositiveDuration.optional().describe(
    'A rollout that nobody has driven for longer goes back, once the next run finds it.',
  ),
  combine: z
    .enum(['bonferroni', 'mean'])
    .default('bonferroni')
    .describe(
      'How several metrics share alpha: each by itself, or by the mean of their e-values, which is at least as quick.',
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
    .describe('The environment of the deployment record, and of the approval.'),
  approval: Approval.prefault({}).describe('Who must say yes before anything is changed.'),
  live: Live.prefault({}).describe('The comment that shows the rollout while it goes on.'),
  commands: Commands.prefault({}).describe(
    'What people may tell a rollout by comments below the one that shows it.',
  ),
  resume: z
    .enum(['auto', 'finish', 'release', 'rollback', 'off'])
    .default('auto')
    .describe(
      'What to do with a rollout that an earlier run left unfinished: `finish` it, `release` it (the same, and past the hold of its step), go back (`rollback`), refuse (`off`), or `auto`: finish it when it deploys the same version, else go back first.',
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
  probe: ProbeSection.optional().describe(
    'A probe of our own: what is asked of the new version before any traffic, and while the rollout lasts (docs/probes.md).',
  ),
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
