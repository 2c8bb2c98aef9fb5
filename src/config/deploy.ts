import * as z from 'zod'
import { Duration } from './duration.js'
import { FailOnSchema } from './shared.js'

const Role = z
  .enum(['guard', 'promote', 'both'])
  .describe('`guard` may roll back, `promote` must be shown good before promotion, `both` do both.')
const Method = z
  .enum(['e-process', 'normal-mixture'])
  .describe('`e-process` for rare events, `normal-mixture` for events above about 10 %.')
const Tolerance = z
  .number()
  .min(0)
  .default(0)
  .describe('Rollback needs evidence that the rate is above (1 + tolerance) times that of stable.')

const margin = (value: number) =>
  z
    .number()
    .gt(0)
    .default(value)
    .describe('Promotion needs evidence that the rate is below (1 + margin) times that of stable.')

const ErrorRate = z.strictObject({
  metric: z.literal('error-rate').describe('Requests answered 5xx or not at all.'),
  'at-most': z
    .number()
    .gt(0)
    .lt(1)
    .default(0.001)
    .describe(
      'A rate that is good enough by itself: evidence that the canary keeps below it counts for promotion too, since a ratio says nothing where nothing fails.',
    ),
  role: Role.default('both'),
  method: Method.default('e-process'),
  margin: margin(0.5),
  tolerance: Tolerance,
})

const Latency = z.strictObject({
  metric: z.literal('latency').describe('Requests slower than a bound.'),
  over: Duration.describe('The bound, such as 200ms; rounded up to a bucket of the histogram.'),
  role: Role.default('guard'),
  method: Method.default('e-process'),
  margin: margin(0.5),
  tolerance: Tolerance,
})

const Quality = z.strictObject({
  metric: z.literal('quality').describe('Wrong predictions among requests whose label is known.'),
  labels: z
    .string()
    .min(1)
    .describe('A file of labels (CSV, Parquet, Arrow or JSON Lines); read again at each look.'),
  id: z.string().min(1).default('id').describe('The column with the id of the request.'),
  label: z.string().min(1).default('label').describe('The column with the truth.'),
  prediction: z
    .string()
    .min(1)
    .optional()
    .describe('The output that is the prediction. Default: `prediction`, else the first.'),
  groups: z
    .array(z.string().min(1))
    .default([])
    .describe('Columns whose values are slices; each slice may roll back by itself.'),
  'min-slice': z
    .int()
    .min(1)
    .default(50)
    .describe('Slices with fewer labels than this are not tested.'),
  role: Role.default('both'),
  method: Method.default('normal-mixture'),
  margin: margin(0.1),
  tolerance: Tolerance,
})

const Disagreement = z.strictObject({
  metric: z
    .literal('disagreement')
    .describe('Mirrored requests to which the two versions answer differently.'),
  prediction: z
    .string()
    .min(1)
    .optional()
    .describe('The output that is compared. Default: `prediction`, else the first.'),
  tolerance: z
    .number()
    .min(0)
    .default(1e-6)
    .describe('How far predicted numbers may differ, relative to the larger.'),
  'at-most': z.number().gt(0).lt(1).describe('The highest share that is acceptable.'),
  role: Role.default('guard'),
})

const Metric = z.discriminatedUnion('metric', [ErrorRate, Latency, Quality, Disagreement])

/** One file of labels and one comparison of answers are read: a second would be passed over. */
function onlyOnce(metrics: readonly z.output<typeof Metric>[], context: z.RefinementCtx): void {
  for (const name of ['quality', 'disagreement'] as const) {
    const places = metrics.flatMap(({ metric }, index) => (metric === name ? [index] : []))
    const second = places[1]
    if (second === undefined) continue
    context.addIssue({ code: 'custom', path: [second], message: `${name} can be given only once` })
  }
}

const Percent = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?%?$/, 'must be a percentage')])
  .transform((value) => (typeof value === 'number' ? value : Number(value.replace('%', ''))))
  .pipe(z.number().gt(0).max(100))

const Steps = z
  .union([
    z.array(Percent).min(1),
    z
      .string()
      .transform((text): (string | number)[] => text.trim().split(/[\s,]+/))
      .pipe(z.array(Percent).min(1)),
  ])
  .refine((steps) => steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0)), {
    message: 'each step must be above the one before',
  })
  .refine((steps) => (steps[0] ?? 100) < 100, {
    message: 'the first step must be below 100; to skip the canary use mode: direct',
  })

const Port = z.int().min(0).max(65_535)

const Backend = z
  .strictObject({
    version: z
      .string()
      .min(1)
      .optional()
      .describe('Its name. Default for the canary: the registered model and version.'),
    url: z
      .url({ protocol: /^http$/ })
      .optional()
      .describe('Where it answers, when it runs already.'),
    command: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        'The program that serves it and its arguments, started without a shell; `{port}`, `{model}` and `{version}` in it are filled in.',
      ),
    model: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The model file or folder, for `{model}`. Default for the canary: the registered one.',
      ),
    port: Port.default(0).describe('The port for `{port}`; 0 takes a free one.'),
  })
  .refine(({ url, command }) => (url === undefined) !== (command === undefined), {
    message: 'needs either url or command',
  })

const Backends = z.strictObject({
  stable: Backend.optional().describe(
    'The version in use, for the first start of the router; afterwards the router knows it.',
  ),
  canary: Backend.optional().describe('The version to deploy.'),
})

const Listen = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('The address that users reach.'),
  port: Port.default(8080).describe('The port that users reach; 0 takes a free one.'),
})

/** The `deploy` section of modelway.yml. */
export const DeploySection = z.strictObject({
  target: z
    .enum(['embedded'])
    .default('embedded')
    .describe('What splits the traffic: `embedded` is a router process on this machine.'),
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
  analysis: z
    .array(Metric)
    .superRefine(onlyOnce)
    .default([
      {
        metric: 'error-rate',
        'at-most': 0.001,
        role: 'both',
        method: 'e-process',
        margin: 0.5,
        tolerance: 0,
      },
    ])
    .describe('What is looked at: error-rate, latency, quality, disagreement.'),
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
