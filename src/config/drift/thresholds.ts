import * as z from 'zod'

const Threshold = z.number().min(0).optional()
const Name = z.string().min(1)

/** The keys of `drift.thresholds`. */
export const DriftThresholds = z.strictObject({
  'wasserstein-normalised': Threshold.describe(
    'How far values may move, in standard deviations of the reference.',
  ),
  'jensen-shannon': Threshold.describe(
    'Largest Jensen-Shannon distance (base 2, between 0 and 1).',
  ),
  'null-rate': Threshold.describe(
    'Largest change of the share of missing cells, 0 to 1; 0.05 unless given.',
  ),
  wasserstein: Threshold.describe("How far values may move, in the column's own unit."),
  psi: Threshold.describe('Largest population stability index.'),
  hellinger: Threshold.describe('Largest Hellinger distance, 0 to 1.'),
  'total-variation': Threshold.describe('Largest total variation distance, 0 to 1.'),
  'kullback-leibler': Threshold.describe('Largest Kullback-Leibler divergence, in nats.'),
  'l-infinity': Threshold.describe('Largest difference of any one share, 0 to 1.'),
  'cramers-v': Threshold.describe("Largest bias-corrected Cramér's V, 0 to 1."),
  energy: Threshold.describe("Largest energy distance, in the root of the column's unit."),
  'new-categories': Threshold.describe(
    'Largest share of values of categories that the reference does not have; 0.001 unless given.',
  ),
  'text-domain-auc': Threshold.describe(
    'How well a classifier over n-grams may tell texts of the two samples apart, 0.5 to 1.',
  ),
  'vector-domain-auc': Threshold.describe(
    'How well a classifier may tell vectors of the two samples apart, 0.5 to 1.',
  ),
})

/** The keys of `drift.learn`: thresholds from the history of the reference. */
export const DriftLearn = z.strictObject({
  time: Name.optional().describe(
    'The column of timestamps by which the reference is cut into windows; the order of rows unless given.',
  ),
  windows: z.int().min(19).max(500).default(20).describe('How many windows.'),
  'false-alarms': z
    .number()
    .gt(0)
    .lt(0.5)
    .default(0.05)
    .describe('The share of runs without drift that may report some.'),
})
export type DriftLearn = z.output<typeof DriftLearn>
