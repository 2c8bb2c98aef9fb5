import * as z from 'zod'
import { delongPaired } from '../../domain/stats/delong.js'
import { UserError } from '../../errors.js'

const Scores = z.array(z.number())

const input = z.strictObject({
  labels: z
    .array(z.union([z.literal(0), z.literal(1), z.boolean()]))
    .describe('What was true: 1 (or true) for the positive class, 0 for the other.'),
  scores: Scores.describe("The candidate's scores of the positive class, an entry an example."),
  baselineScores: Scores.describe("The baseline's scores on the same examples."),
  level: z.number().gt(0).lt(1).default(0.95).describe('Confidence level of the interval.'),
})
type Input = z.output<typeof input>

interface DelongOutput {
  readonly auc: number
  readonly baselineAuc: number
  readonly difference: number
  readonly low: number
  readonly high: number
  readonly statistic: number | null
  readonly pValue: number
}

/** `modelway stats delong`: the gate's comparison of two areas under the ROC curve. */
export const procedure = {
  name: 'delong',
  summary: 'Difference of two areas under the ROC curve on the same examples (DeLong 1988).',
  input,
  output: {
    auc: "Area under the candidate's ROC curve; ties count half.",
    baselineAuc: "Area under the baseline's.",
    difference: 'auc - baselineAuc.',
    low: 'Lower end of the two-sided interval of the difference.',
    high: 'Upper end.',
    statistic: 'difference / standard error; null where a difference has no variance.',
    pValue: 'Two-sided, of no difference.',
  },
  run: runDelong,
}

function runDelong(given: Input): DelongOutput {
  const labels = Uint8Array.from(given.labels, Number)
  checkLengths(given)
  const found = delongPaired(
    labels,
    Float64Array.from(given.scores),
    Float64Array.from(given.baselineScores),
    given.level,
  )
  if (found === undefined) throw tooFew(labels)
  const { auc, baselineAuc, difference, low, high, statistic, pValue } = found
  return {
    auc,
    baselineAuc,
    difference,
    low,
    high,
    statistic: Number.isFinite(statistic) ? statistic : null,
    pValue,
  }
}

function checkLengths({ labels, scores, baselineScores }: Input): void {
  for (const [where, list] of Object.entries({ scores, baselineScores })) {
    if (list.length === labels.length) continue
    throw new UserError({
      code: 'MW-STATS-101',
      where,
      what: `has ${list.length} entries, and labels has ${labels.length}.`,
      fix: 'Give one score for each example.',
    })
  }
}

function tooFew(labels: Uint8Array): UserError {
  let positives = 0
  for (const label of labels) positives += label
  return new UserError({
    code: 'MW-STATS-102',
    where: 'labels',
    what: `has ${positives} positive and ${labels.length - positives} negative examples.`,
    fix: 'Give at least two of each.',
  })
}
