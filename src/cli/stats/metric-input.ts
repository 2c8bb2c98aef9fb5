import * as z from 'zod'

const Value = z.union([z.number(), z.string(), z.boolean()])
/** A class, or in multi-label the list of an example's classes. */
const Classes = z.union([Value, z.array(Value)])

export const input = z.strictObject({
  name: z.string().describe('The name of the metric, as in the gate.'),
  labels: z
    .array(Classes)
    .min(1)
    .optional()
    .describe(
      'What was true: classes, lists of classes (multi-label), numbers in regression, relevance in ranking, texts in generation.',
    ),
  predictions: z
    .array(Classes)
    .optional()
    .describe('What the model predicted, for metrics of predictions.'),
  scores: z
    .array(z.union([z.number(), z.enum(['win', 'tie', 'loss'])]))
    .optional()
    .describe(
      'Scores of the positive class, of documents or of samples; probabilities for log-loss, brier and calibration; win, tie or loss for win-rate.',
    ),
  classScores: z
    .array(z.array(z.number()))
    .optional()
    .describe("A list for each example: each class's score, in the order of classes."),
  classes: z
    .array(Value)
    .optional()
    .describe('All classes; those that occur, in order, unless given.'),
  queries: z
    .array(Value)
    .optional()
    .describe('The query of each document, for metrics of ranking.'),
  ids: z.array(Value).optional().describe('The example of each sample, for metrics of generation.'),
  groups: z
    .array(Value.nullable())
    .optional()
    .describe('The group of each example, for fairness metrics; null leaves an example out.'),
  weights: z
    .array(z.number().min(0))
    .optional()
    .describe('Weights of the examples, not negative; one each unless given.'),
  average: z
    .enum(['macro', 'micro', 'weighted', 'samples'])
    .optional()
    .describe('How a metric of one class is averaged over classes; samples is for multi-label.'),
  multiClass: z
    .enum(['one-vs-rest', 'one-vs-one'])
    .optional()
    .describe('For auc of several classes; one-vs-rest unless given.'),
  k: z
    .number()
    .optional()
    .describe('For top-k-accuracy, ndcg, mrr, map, recall-at-k and pass-at-k.'),
  quantile: z.number().optional().describe('For pinball: which quantile is predicted.'),
  positive: Value.optional().describe('The positive class; 1 or true unless given.'),
})

export type Input = z.output<typeof input>

/** A list that has one entry for each row. */
export type RowKey =
  | 'labels'
  | 'predictions'
  | 'scores'
  | 'classScores'
  | 'queries'
  | 'ids'
  | 'groups'
  | 'weights'
