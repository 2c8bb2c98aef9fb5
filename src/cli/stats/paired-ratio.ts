import * as z from 'zod'
import { pairedRatioInterval, pairedRatioTest } from '../../domain/stats/paired-ratio.js'
import { checkRows, finiteOrNull, Level, noResult, Outcomes } from './samples.js'

const input = z.strictObject({
  candidate: Outcomes.describe('For each example, 1 (or true) where the candidate is right.'),
  baseline: Outcomes.describe('The same for the baseline, on the same examples.'),
  at: z.number().positive().default(1).describe('The ratio that is tested, such as 0.98.'),
  level: Level.describe('Confidence level of the interval.'),
})

/** `modelway stats paired-ratio`: the gate's relative margins for accuracies. */
export const procedure = {
  name: 'paired-ratio',
  summary:
    'Ratio of two proportions on the same examples: score interval and test (Nam & Blackwelder 2002; Tang, Tang & Chan 2003).',
  input,
  output: {
    ratio: "The candidate's share of right examples over the baseline's; null over a share of 0.",
    low: 'Lower end of the two-sided score interval of the ratio.',
    high: 'Upper end; null where the data do not bound it.',
    statistic: 'Score statistic of the ratio being `at`.',
    pValue: 'Two-sided.',
    below: 'One-sided: small when the true ratio is below `at`.',
    above: 'One-sided: small when it is above.',
  },
  run: runPairedRatio,
}

interface PairedRatioOutput {
  readonly ratio: number | null
  readonly low: number
  readonly high: number | null
  readonly statistic: number
  readonly pValue: number
  readonly below: number
  readonly above: number
}

function runPairedRatio(given: z.output<typeof input>): PairedRatioOutput {
  const { candidate, baseline, at, level } = given
  const n = candidate.length
  checkRows({ name: 'candidate', length: n }, { baseline })
  const counts = { both: 0, candidateOnly: 0, baselineOnly: 0, n }
  for (const [i, value] of candidate.entries()) {
    const other = Number(baseline[i])
    if (Number(value) > other) counts.candidateOnly++
    else if (Number(value) < other) counts.baselineOnly++
    else counts.both += other
  }
  const found = pairedRatioInterval({ ...counts, level })
  const test = pairedRatioTest({ ...counts, ratio: at })
  if (found === undefined || test === undefined) {
    throw noResult('at', `is ${at}.`, 'Test a ratio above 0.')
  }
  const { ratio, low, high } = found
  return { ratio: finiteOrNull(ratio), low, high: finiteOrNull(high), ...test }
}
