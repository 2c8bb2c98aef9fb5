import * as z from 'zod'
import { oneOrMany } from '../shared.js'

const Name = z.string().min(1)

/** The keys of `drift.performance`: predictions, and labels where there are some. */
export const DriftPerformance = z.strictObject({
  task: z.enum(['classification', 'regression']).describe('What the model predicts.'),
  prediction: Name.optional().describe('The column of predicted classes or numbers.'),
  score: Name.optional().describe('The column of the probability of the positive class.'),
  scores: z
    .record(Name, Name)
    .optional()
    .describe('The columns of the probabilities of several classes, by class.'),
  label: Name.optional().describe(
    'The column of what turned out true; cells may be missing where it is not known yet. Without it performance is estimated from confidence.',
  ),
  positive: z
    .union([z.string(), z.number(), z.boolean()])
    .optional()
    .describe('The positive class of two.'),
  threshold: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('The score from which on a row is predicted positive, where no prediction is given.'),
  metrics: oneOrMany(z.string().min(1), 1)
    .optional()
    .describe(
      'Which metrics; accuracy, and with scores auc and log-loss, for classification and mae and rmse for regression unless given.',
    ),
  margin: z
    .number()
    .gt(0)
    .optional()
    .describe(
      "How much worse than in the reference a metric may become, in its own unit. Unless given: 0.02 for metrics that end at 1, and 5% of the reference's value for log-loss, mae, rmse and other losses without an end.",
    ),
  'relative-margin': z
    .number()
    .gt(0)
    .optional()
    .describe("The same as a share of the reference's value; `margin` goes before it."),
  confidence: z.number().gt(0).lt(1).default(0.95).describe('The confidence of intervals.'),
  level: z
    .enum(['fail', 'warn'])
    .default('fail')
    .describe('What performance that became worse means for the decision.'),
})
export type DriftPerformance = z.output<typeof DriftPerformance>
