import * as z from 'zod'
import { Duration, PositiveDuration } from '../duration.js'

const Role = z
  .enum(['guard', 'promote', 'both'])
  .describe('`guard` may roll back, `promote` must be shown good before promotion, `both` do both.')
const Method = z
  .enum(['e-process', 'normal-mixture', 'group-sequential', 'kayenta', 'argo', 'flagger'])
  .describe(
    'What looks for harm: `e-process` for rare events, `normal-mixture` for events above about 10 %, `group-sequential` for a fixed horizon (`planned`); or, for those who come from there, the judges `kayenta`, `argo` and `flagger` (`max-rate`, `failures`), which may roll back and never promote.',
  )
const methodSettings = {
  spending: z
    .enum(['obrien-fleming', 'pocock'])
    .default('obrien-fleming')
    .describe('How `group-sequential` spends alpha over the time planned (Lan and DeMets).'),
  planned: PositiveDuration.optional().describe(
    'The time over which `group-sequential` spends alpha; looks after it find no harm.',
  ),
  'max-rate': z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('For `argo` and `flagger`: an interval whose rate is above this is a failed check.'),
  failures: z
    .int()
    .min(0)
    .optional()
    .describe(
      'For `argo` the failed checks that are borne (failureLimit), for `flagger` those that end the rollout (threshold).',
    ),
}
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
  ...methodSettings,
  margin: margin(0.5),
  tolerance: Tolerance,
})

const RejectionRate = z.strictObject({
  metric: z
    .literal('rejection-rate')
    .describe(
      'Requests answered 4xx: a version with another schema refuses what the one before took.',
    ),
  role: Role.default('guard'),
  method: Method.default('e-process'),
  ...methodSettings,
  margin: margin(0.5),
  tolerance: Tolerance,
})

const Latency = z.strictObject({
  metric: z.literal('latency').describe('Requests slower than a bound.'),
  over: Duration.describe('The bound, such as 200ms; rounded up to a bucket of the histogram.'),
  of: z
    .enum(['share', 'log-mean'])
    .default('share')
    .describe(
      '`share` of requests over the bound; `log-mean` compares geometric means, where the times of single answers are known.',
    ),
  role: Role.default('guard'),
  method: Method.default('e-process'),
  ...methodSettings,
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
  ...methodSettings,
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

const Metric = z.discriminatedUnion('metric', [
  ErrorRate,
  RejectionRate,
  Latency,
  Quality,
  Disagreement,
])

type Metric = z.output<typeof Metric>

/** A method that lacks what it goes by could not find anything. */
function methodsAreWhole(metrics: readonly Metric[], context: z.RefinementCtx): void {
  for (const [index, metric] of metrics.entries()) {
    if (metric.metric === 'disagreement') continue
    for (const [key, message] of missing(metric)) {
      context.addIssue({ code: 'custom', path: [index, key], message })
    }
  }
}

function missing(metric: Exclude<Metric, { metric: 'disagreement' }>): [string, string][] {
  const { method, tolerance } = metric
  if (method === 'group-sequential') {
    const found: [string, string][] = []
    if (metric.planned === undefined) found.push(['planned', 'must be given for group-sequential'])
    if (tolerance !== 0) found.push(['tolerance', 'must be 0 for group-sequential'])
    return found
  }
  if (method !== 'argo' && method !== 'flagger') return []
  const keys = ['max-rate', 'failures'] as const
  return keys.flatMap((key): [string, string][] =>
    metric[key] === undefined ? [[key, `must be given for ${method}`]] : [],
  )
}

/** One file of labels and one comparison of answers are read: a second would be passed over. */
function onlyOnce(metrics: readonly Metric[], context: z.RefinementCtx): void {
  for (const name of ['quality', 'disagreement'] as const) {
    const places = metrics.flatMap(({ metric }, index) => (metric === name ? [index] : []))
    const second = places[1]
    if (second === undefined) continue
    context.addIssue({ code: 'custom', path: [second], message: `${name} can be given only once` })
  }
}

/** What a rollout looks at. */
export const Analysis = z
  .array(Metric)
  .superRefine(onlyOnce)
  .superRefine(methodsAreWhole)
  .default([
    {
      metric: 'error-rate',
      'at-most': 0.001,
      role: 'both',
      method: 'e-process',
      spending: 'obrien-fleming',
      margin: 0.5,
      tolerance: 0,
    },
  ])
  .describe('What is looked at: error-rate, rejection-rate, latency, quality, disagreement.')
