import * as z from 'zod'
import { AMOUNTS, type AmountKey, COMPARATORS, type Comparator } from '../domain/gate/policy.js'

const Name = z.string().min(1)

/** A column, or several of which every combination of values is a slice. */
const SliceColumns = z.union([Name, z.array(Name).min(1).max(4)])

const Slices = z.strictObject(
  {
    by: z
      .union([Name.transform((name) => [name]), z.array(SliceColumns).min(1)])
      .describe(
        'Columns; the rule must also hold in each of their values. An inner list is an intersection: `[sex, [sex, age_band]]`.',
      ),
    'min-size': z
      .int()
      .min(2)
      .default(50)
      .describe('Values with fewer examples are shown and not judged.'),
    bins: z
      .record(Name, z.array(z.number()).min(1).max(100))
      .optional()
      .describe(
        'Edges that make slices of a numeric column: `{ age: [30, 45] }` gives (-inf, 30), [30, 45) and [45, inf).',
      ),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type' ? 'must be a map, such as { by: [sex], min-size: 50 }' : undefined,
  },
)

const Folds = z.strictObject({
  'test-share': z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('The share of the examples that each fold or repetition was tested on.'),
  scheme: z
    .enum(['corrected-t', 'five-by-two'])
    .default('corrected-t')
    .describe(
      '`corrected-t`: the t test of Nadeau and Bengio, which needs `test-share`; `five-by-two`: the test of Dietterich on five repetitions of two folds, in their order.',
    ),
})

const comparison = {
  'at-least': z.number().optional().describe("A floor for the candidate's value."),
  'at-most': z.number().optional().describe("A ceiling for the candidate's value."),
  'no-worse-than': z
    .literal('baseline')
    .optional()
    .describe('The candidate must not be worse than the baseline by more than the margin.'),
  'better-than': z
    .literal('baseline')
    .optional()
    .describe('The candidate must be better than the baseline by at least `by`.'),
  'equivalent-to': z
    .literal('baseline')
    .optional()
    .describe('The candidate must differ from the baseline by no more than the margin either way.'),
  margin: z
    .number()
    .min(0)
    .optional()
    .describe(
      "How far off is still allowed, in the metric's own unit; 0 unless given, and required by `equivalent-to`.",
    ),
  'relative-margin': z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe(
      "In place of `margin`: how far off is still allowed, as a share of the baseline's value. The uncertainty of that value counts too.",
    ),
  by: z
    .number()
    .min(0)
    .optional()
    .describe('By how much better it must be; any improvement unless given.'),
  'relative-by': z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe("In place of `by`: by what share of the baseline's value it must be better."),
}

const RuleFields = z.strictObject({
  metric: Name.describe(
    'The name of a metric; `column:<name>` for the mean of a column of per-example numbers; `metrics:<name>` for a number of metrics.json, which has no uncertainty; `training:<name>` for what the training took, where its statement says it: duration-seconds, model-size-bytes, peak-rss-bytes, peak-gpu-memory-bytes or cost (which train-on-runner does not measure).',
  ),
  ...comparison,
  evidence: z
    .enum(['interval', 'estimate'])
    .default('interval')
    .describe(
      '`interval` judges the confidence interval, `estimate` the estimate alone: then nothing is inconclusive but a metric without a value.',
    ),
  level: z
    .enum(['fail', 'warn'])
    .default('fail')
    .describe('What breaking the rule means: `warn` never fails the gate.'),
  slices: Slices.optional().describe('Subsets of the examples in which the rule must hold too.'),
  group: Name.optional().describe('The column whose groups a fairness metric compares.'),
  average: z
    .enum(['macro', 'micro', 'weighted', 'samples'])
    .optional()
    .describe(
      'How precision, recall, f1, auc and average-precision are averaged over several classes; `samples` over examples that have several labels each.',
    ),
  direction: z
    .enum(['higher', 'lower'])
    .optional()
    .describe(
      'For `column:`, `metrics:` and `training:`: which is better. Higher unless given, so a comparison of `column:latency` needs `lower`; lower for `training:` and under `at-most`. A comparison of `metrics:` with a name like a loss must say it.',
    ),
  k: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      'How many of the first count: required by top-k-accuracy and recall-at-k, possible for ndcg, mrr and map. For pass-at-k, how many samples may be tried.',
    ),
  quantile: z.number().gt(0).lt(1).optional().describe('The predicted quantile, for pinball.'),
  'multi-class': z
    .enum(['one-vs-rest', 'one-vs-one'])
    .optional()
    .describe('For auc of several classes: each class against the rest, or each pair of classes.'),
  method: z
    .enum(['auto', 'bootstrap'])
    .optional()
    .describe(
      "`auto` (as without it): the metric's own interval and test; `bootstrap`: BCa in their place.",
    ),
  folds: Folds.optional().describe(
    'For `metrics:<name>` with a list of values, one a fold or seed and in the same order for both models: how the folds were made.',
  ),
})

/** One rule of the gate: a metric and exactly one comparison. */
export const GateRuleSchema = RuleFields.superRefine((rule, context) => {
  const complain = (message: string, path: string[] = []) =>
    context.addIssue({ code: 'custom', message, path })
  const named = COMPARATORS.filter((key) => rule[key] !== undefined)
  if (named.length !== 1) {
    const found = named.length === 0 ? 'it has none' : `it has ${named.join(' and ')}`
    complain(`a rule needs exactly one of ${COMPARATORS.join(', ')}; ${found}`)
  }
  for (const key of Object.keys(AMOUNTS) as AmountKey[]) {
    const owners: readonly Comparator[] = AMOUNTS[key]
    if (rule[key] === undefined || owners.some((owner) => rule[owner] !== undefined)) continue
    complain(`${key} belongs to a rule with ${owners.join(' or ')}: baseline`, [key])
  }
  if (rule['equivalent-to'] === undefined) return
  if (rule.margin === undefined && rule['relative-margin'] === undefined) {
    complain('equivalent-to needs margin or relative-margin: how far apart still counts as equal')
  }
})
