import * as z from 'zod'
import { FailOnSchema } from './shared.js'

const COMPARATORS = ['at-least', 'at-most', 'no-worse-than', 'better-than'] as const

const Name = z.string().min(1)
const Names = z.union([Name.transform((name) => [name]), z.array(Name).min(1)])

const Slices = z.strictObject({
  by: Names.describe('Columns; the rule must also hold in each of their values.'),
  'min-size': z
    .int()
    .min(2)
    .default(50)
    .describe('Values with fewer examples are shown and not judged.'),
})

const RuleFields = z.strictObject({
  metric: Name.describe(
    'The name of a metric, or `column:<name>` for the mean of a column of per-example numbers.',
  ),
  'at-least': z.number().optional().describe("A floor for the candidate's value."),
  'at-most': z.number().optional().describe("A ceiling for the candidate's value."),
  'no-worse-than': z
    .literal('baseline')
    .optional()
    .describe('The candidate must not be worse than the baseline by more than `margin`.'),
  margin: z
    .number()
    .min(0)
    .optional()
    .describe("How much worse is still allowed, in the metric's own unit; 0 unless given."),
  'better-than': z
    .literal('baseline')
    .optional()
    .describe('The candidate must be better than the baseline by at least `by`.'),
  by: z
    .number()
    .min(0)
    .optional()
    .describe('By how much better it must be; any improvement unless given.'),
  evidence: z
    .enum(['interval', 'estimate'])
    .default('interval')
    .describe('`interval` judges the confidence interval, `estimate` the point estimate alone.'),
  level: z
    .enum(['fail', 'warn'])
    .default('fail')
    .describe('What breaking the rule means: `warn` never fails the gate.'),
  slices: Slices.optional().describe('Subsets of the examples in which the rule must hold too.'),
  group: Name.optional().describe('The column whose groups a fairness metric compares.'),
  average: z
    .enum(['macro', 'micro', 'weighted'])
    .optional()
    .describe('How precision, recall and f1 are averaged over several classes.'),
  direction: z
    .enum(['higher', 'lower'])
    .optional()
    .describe('For `column:<name>`: which is better. Higher, or lower under `at-most`.'),
})

/** One rule of the gate: a metric and exactly one comparison. */
const GateRuleSchema = RuleFields.superRefine((rule, context) => {
  const named = COMPARATORS.filter((key) => rule[key] !== undefined)
  if (named.length !== 1) {
    const found = named.length === 0 ? 'it has none' : `it has ${named.join(' and ')}`
    context.addIssue({
      code: 'custom',
      message: `a rule needs exactly one of ${COMPARATORS.join(', ')}; ${found}`,
    })
  }
  const stray = (key: 'margin' | 'by', owner: 'no-worse-than' | 'better-than') => {
    if (rule[key] === undefined || rule[owner] !== undefined) return
    context.addIssue({
      code: 'custom',
      path: [key],
      message: `${key} belongs to a rule with ${owner}: baseline`,
    })
  }
  stray('margin', 'no-worse-than')
  stray('by', 'better-than')
})

const Columns = z.strictObject({
  id: Name.default('id').describe('Identifies an example; the two models are joined by it.'),
  label: Name.default('label').describe('What was true.'),
  prediction: Name.default('prediction').describe('The predicted class, or number in regression.'),
  score: Name.default('score').describe(
    'The score of the positive class; a probability for log-loss, brier and calibration.',
  ),
  groups: z
    .array(Name)
    .default([])
    .describe('Columns that slices and fairness rules may use; any column may be used.'),
})

/** The forms of `gate.baseline`, with what follows the colon. */
const BASELINE = /^(?:none|file:.+|registry:[A-Za-z0-9][A-Za-z0-9._-]{0,99})$/s

/** The `gate` section of modelway.yml. */
export const GateSection = z.strictObject({
  task: z.enum(['classification', 'regression']).describe('What kind of model is judged.'),
  predictions: Name.default('predictions.csv').describe(
    "The candidate's predictions, one example a row: CSV or Parquet.",
  ),
  baseline: z
    .string()
    .regex(BASELINE, 'must be file:<path>, registry:<alias> (as registry:champion), or none')
    .default('none')
    .describe('What the candidate is compared with: `file:<path>`, `registry:<alias>` or `none`.'),
  columns: Columns.default({
    id: 'id',
    label: 'label',
    prediction: 'prediction',
    score: 'score',
    groups: [],
  }).describe('Which columns hold what.'),
  positive: z
    .union([z.string().min(1), z.number(), z.boolean()])
    .transform(String)
    .optional()
    .describe('The positive class; 1 or true unless given.'),
  confidence: z
    .number()
    .gte(0.5)
    .lt(1)
    .default(0.95)
    .describe('The confidence of the two-sided intervals.'),
  correction: z
    .enum(['none', 'bonferroni', 'holm', 'benjamini-hochberg'])
    .default('holm')
    .describe('How claims of failure are corrected for the number of rules and slices.'),
  seed: z
    .int()
    .min(0)
    .default(7)
    .describe('The seed of all resampling: the same seed gives the same verdict.'),
  'min-overlap': z
    .number()
    .gt(0)
    .max(1)
    .default(0.95)
    .describe("The share of the larger file's examples that must be in both files."),
  rules: z.array(GateRuleSchema).min(1).describe('What must hold; all of it for a pass.'),
  'fail-on': FailOnSchema,
})
export type GateSection = z.output<typeof GateSection>
