import * as z from 'zod'
import { oneOrMany } from '../shared.js'

/** The keys of `drift.multivariate`: tests of all columns together. */
export const DriftMultivariate = z.strictObject({
  tests: oneOrMany(z.enum(['domain-classifier', 'mmd', 'pca', 'correlation']))
    .default([])
    .describe(
      'Tests of all columns together: a classifier that tells the samples apart, the maximum mean discrepancy, the error of reconstruction by principal components, and the correlations between columns.',
    ),
  columns: oneOrMany(z.string().min(1))
    .optional()
    .describe('Which columns; all that are compared unless given, without times and identifiers.'),
  'max-rows': z
    .int()
    .min(100)
    .default(20_000)
    .describe('At most this many rows of each sample, drawn at random.'),
  'auc-over': z
    .number()
    .min(0.5)
    .max(1)
    .default(0.55)
    .describe(
      'The area under the ROC curve by which the classifier must tell the samples apart for drift; 0.5 is chance.',
    ),
  'correlation-over': z
    .number()
    .min(0)
    .max(2)
    .default(0.1)
    .describe('How far a correlation must move for drift.'),
  'reconstruction-over': z
    .number()
    .min(0)
    .default(0.1)
    .describe(
      "How far the mean error of reconstruction by principal components must move for drift, in standard deviations of the reference's errors.",
    ),
  level: z
    .enum(['fail', 'warn'])
    .default('warn')
    .describe('What drift of all columns together means for the decision.'),
})
export type DriftMultivariate = z.output<typeof DriftMultivariate>
