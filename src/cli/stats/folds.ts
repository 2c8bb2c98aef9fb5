import * as z from 'zod'
import { fiveByTwo } from '../../domain/stats/five-by-two.js'
import { nadeauBengio } from '../../domain/stats/nadeau-bengio.js'
import { finiteOrNull, Level, noResult } from './samples.js'

const resampled = z.strictObject({
  differences: z
    .array(z.number())
    .min(2)
    .describe('Candidate minus baseline, one number a split or fold.'),
  testShare: z
    .number()
    .gt(0)
    .lt(1)
    .describe('The share of the examples that a split tests on: 0.1 for ten folds.'),
  level: Level.describe('Confidence level of the interval.'),
})

/** `modelway stats nadeau-bengio`: the gate's test of scores by fold. */
export const nadeauBengioProcedure = {
  name: 'nadeau-bengio',
  summary: 'Corrected resampled t test of differences by fold or split (Nadeau & Bengio 2003).',
  input: resampled,
  output: {
    mean: 'Mean difference.',
    standardError: 'Its standard error, corrected for splits that share their training examples.',
    low: 'Lower end of the two-sided interval.',
    high: 'Upper end.',
    statistic: 'mean / standard error; null where nothing varies.',
    pValue: 'Two-sided, of no difference.',
    degreesOfFreedom: 'Splits - 1.',
  },
  run(given: z.output<typeof resampled>) {
    const found = nadeauBengio({ ...given, differences: Float64Array.from(given.differences) })
    if (found === undefined) {
      throw noResult('differences', 'are too large.', 'Give numbers whose squares are finite.')
    }
    return { ...found, statistic: finiteOrNull(found.statistic) }
  },
}

const repeated = z.strictObject({
  differences: z
    .array(z.tuple([z.number(), z.number()]))
    .length(5)
    .describe('Candidate minus baseline, five pairs: two folds in each of five repetitions.'),
})

/** `modelway stats five-by-two`: the gate's test of five times two folds. */
export const fiveByTwoProcedure = {
  name: 'five-by-two',
  summary: 'The 5x2cv paired t test (Dietterich 1998) and the combined F test (Alpaydin 1999).',
  input: repeated,
  output: {
    mean: 'Mean of the ten differences.',
    statistic: "Dietterich's t, 5 degrees of freedom; null where nothing varies.",
    pValue: 'Its two-sided p-value of no difference.',
    f: "Alpaydin's F, 10 and 5 degrees of freedom; null where nothing varies.",
    fPValue: 'Its p-value.',
  },
  run(given: z.output<typeof repeated>) {
    const found = fiveByTwo(given.differences)
    if (found === undefined) {
      throw noResult('differences', 'are too large.', 'Give numbers whose squares are finite.')
    }
    return { ...found, statistic: finiteOrNull(found.statistic), f: finiteOrNull(found.f) }
  },
}
