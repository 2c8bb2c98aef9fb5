import * as z from 'zod'
import { delongPaired, delongRatio, delongUnpaired } from '../../domain/stats/delong.js'
import { UserError } from '../../errors.js'
import { finiteOrNull } from './samples.js'

const Scores = z.array(z.number())
const Labels = z.array(z.union([z.literal(0), z.literal(1), z.boolean()]))

const input = z.strictObject({
  labels: Labels.describe('What was true: 1 (or true) for the positive class, 0 for the other.'),
  scores: Scores.describe("The candidate's scores of the positive class, an entry an example."),
  baselineScores: Scores.describe("The baseline's scores, on the same examples or on its own."),
  baselineLabels: Labels.optional().describe(
    "What was true of the baseline's examples, where they are others than the candidate's.",
  ),
  level: z.number().gt(0).lt(1).default(0.95).describe('Confidence level of the intervals.'),
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
  readonly ratio: number | null
  readonly ratioLow: number | null
  readonly ratioHigh: number | null
}

/** `modelway stats delong`: the gate's comparison of two areas under the ROC curve. */
export const procedure = {
  name: 'delong',
  summary:
    'Difference and ratio of two areas under the ROC curve, on the same examples or on others (DeLong 1988).',
  input,
  output: {
    auc: "Area under the candidate's ROC curve; ties count half.",
    baselineAuc: "Area under the baseline's.",
    difference: 'auc - baselineAuc.',
    low: 'Lower end of the two-sided interval of the difference.',
    high: 'Upper end.',
    statistic: 'difference / standard error; null where a difference has no variance.',
    pValue: 'Two-sided, of no difference.',
    ratio: 'auc / baselineAuc; null over 0.',
    ratioLow:
      "Lower end of the ratio's two-sided interval (Fieller 1954); null where it is unbounded.",
    ratioHigh: 'Upper end.',
  },
  run: runDelong,
}

function runDelong(given: Input): DelongOutput {
  const labels = Uint8Array.from(given.labels, Number)
  const baselineLabels = given.baselineLabels && Uint8Array.from(given.baselineLabels, Number)
  const scores = Float64Array.from(given.scores)
  const baselineScores = Float64Array.from(given.baselineScores)
  const { level } = given
  checkLengths(given)
  const found =
    baselineLabels === undefined
      ? delongPaired(labels, scores, baselineScores, level)
      : delongUnpaired({ labels, scores, baselineLabels, baselineScores, level })
  if (found === undefined) throw tooFew(labels, baselineLabels)
  const { auc, baselineAuc, difference, low, high, statistic, pValue } = found
  const ratio = delongRatio(found, level)
  return {
    auc,
    baselineAuc,
    difference,
    low,
    high,
    statistic: finiteOrNull(statistic),
    pValue,
    ratio: finiteOrNull(ratio?.ratio),
    ratioLow: finiteOrNull(ratio?.low),
    ratioHigh: finiteOrNull(ratio?.high),
  }
}

function checkLengths({ labels, scores, baselineLabels, baselineScores }: Input): void {
  const pairs = [
    { where: 'scores', list: scores, of: 'labels', rows: labels.length },
    {
      where: 'baselineScores',
      list: baselineScores,
      of: baselineLabels === undefined ? 'labels' : 'baselineLabels',
      rows: (baselineLabels ?? labels).length,
    },
  ]
  for (const { where, list, of, rows } of pairs) {
    if (list.length === rows) continue
    throw new UserError({
      code: 'MW-STATS-101',
      where,
      what: `has ${list.length} entries, and ${of} has ${rows}.`,
      fix: 'Give one score for each example.',
    })
  }
}

function countPositives(labels: Uint8Array): number {
  let positives = 0
  for (const label of labels) positives += label
  return positives
}

/** Names the list that has too few of a class. */
function tooFew(labels: Uint8Array, baselineLabels: Uint8Array | undefined): UserError {
  const positives = countPositives(labels)
  const enough = positives >= 2 && labels.length - positives >= 2
  if (enough && baselineLabels !== undefined) return tooFewIn('baselineLabels', baselineLabels)
  return tooFewIn('labels', labels)
}

function tooFewIn(where: string, labels: Uint8Array): UserError {
  const positives = countPositives(labels)
  return new UserError({
    code: 'MW-STATS-102',
    where,
    what: `has ${positives} positive and ${labels.length - positives} negative examples.`,
    fix: 'Give at least two of each.',
  })
}
