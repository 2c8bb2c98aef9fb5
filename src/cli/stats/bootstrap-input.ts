import * as z from 'zod'

const Value = z.union([z.number(), z.string(), z.boolean()])

const outputs = {
  predictions: z.array(Value).optional().describe('What the model predicted.'),
  scores: z.array(z.number()).optional().describe('Scores of the positive class.'),
  classScores: z
    .array(z.array(z.number()))
    .optional()
    .describe("A list for each example: each class's score, in the order of the classes' names."),
}

const described = {
  groups: z
    .array(Value.nullable())
    .optional()
    .describe('The group of each example, for fairness metrics; null leaves an example out.'),
  weights: z
    .array(z.number().min(0))
    .optional()
    .describe('Weights of the examples, not negative; one each unless given.'),
  clusters: z
    .array(Value)
    .optional()
    .describe(
      'What examples that vary together have in common (a user, a prompt): resampled whole.',
    ),
}

export const input = z.strictObject({
  metric: z.string().describe('The name of the metric, as in the gate.'),
  labels: z.array(Value).min(1).describe('What was true: classes, or numbers in regression.'),
  ...outputs,
  ...described,
  baseline: z
    .strictObject({
      ...outputs,
      ...described,
      labels: z
        .array(Value)
        .min(1)
        .optional()
        .describe('Given where the baseline was evaluated on other examples (unpaired).'),
    })
    .optional()
    .describe('The other model on the same examples; with it the comparison is resampled.'),
  contrast: z
    .enum(['difference', 'ratio'])
    .default('difference')
    .describe('With a baseline: candidate minus baseline, or candidate over baseline.'),
  average: z
    .enum(['macro', 'micro', 'weighted'])
    .optional()
    .describe('How a metric of one class is averaged over classes.'),
  multiClass: z
    .enum(['one-vs-rest', 'one-vs-one'])
    .optional()
    .describe('For auc of several classes; one-vs-rest unless given.'),
  k: z.int().min(1).optional().describe('For top-k-accuracy.'),
  quantile: z.number().gt(0).lt(1).optional().describe('For pinball: which quantile is predicted.'),
  positive: Value.optional().describe('The positive class; 1 or true unless given.'),
  resamples: z.int().min(100).max(100_000).default(10_000).describe('How many resamples.'),
  seed: z.int().default(7).describe('Seed of the generator: the same seed, the same answer.'),
  level: z.number().gt(0).lt(1).default(0.95).describe('Confidence level of the interval.'),
})

export type Input = z.output<typeof input>
