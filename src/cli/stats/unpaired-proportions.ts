import * as z from 'zod'
import {
  miettinenNurminenInterval,
  miettinenNurminenTest,
} from '../../domain/stats/miettinen-nurminen.js'
import { newcombeInterval } from '../../domain/stats/newcombe.js'
import { unpairedRatioInterval } from '../../domain/stats/unpaired-ratio.js'
import { finiteOrNull, Level, noResult, Outcomes } from './samples.js'

const input = z.strictObject({
  candidate: Outcomes.describe(
    "For each of the candidate's examples, 1 (or true) where it is right.",
  ),
  baseline: Outcomes.describe('The same for the baseline, on its own examples.'),
  margin: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('How much worse the candidate may be and still count as not inferior.'),
  level: Level.describe('Confidence level of the intervals.'),
})

interface UnpairedProportionsOutput {
  readonly difference: number
  readonly low: number
  readonly high: number
  readonly newcombeLow: number
  readonly newcombeHigh: number
  readonly pValue: number
  readonly nonInferior: boolean
  readonly ratio: number | null
  readonly ratioLow: number
  readonly ratioHigh: number | null
}

/** `modelway stats unpaired-proportions`: the gate's comparison of accuracies on different examples. */
export const procedure = {
  name: 'unpaired-proportions',
  summary:
    'Difference and ratio of two proportions on different examples: score intervals by Miettinen & Nurminen (1985), Newcombe (1998).',
  input,
  output: {
    difference: "The candidate's share of right examples minus the baseline's.",
    low: 'Lower end of the two-sided score interval of the difference.',
    high: 'Upper end.',
    newcombeLow: "Lower end of Newcombe's interval of the difference (method 10).",
    newcombeHigh: 'Upper end.',
    pValue: 'Two-sided score test of no difference.',
    nonInferior: 'Whether all of the score interval lies above -margin.',
    ratio: "The candidate's share over the baseline's; null over a share of 0.",
    ratioLow: 'Lower end of the two-sided score interval of the ratio.',
    ratioHigh: 'Upper end; null where the data do not bound it.',
  },
  run: runUnpairedProportions,
}

function count(outcomes: z.output<typeof Outcomes>): number {
  return outcomes.reduce<number>((sum, outcome) => sum + Number(outcome), 0)
}

function runUnpairedProportions(given: z.output<typeof input>): UnpairedProportionsOutput {
  const { candidate, baseline, margin, level } = given
  const counts = {
    candidateSuccesses: count(candidate),
    candidateTotal: candidate.length,
    baselineSuccesses: count(baseline),
    baselineTotal: baseline.length,
  }
  const score = miettinenNurminenInterval(counts, level)
  const newcombe = newcombeInterval(counts, level)
  const ratio = unpairedRatioInterval(counts, level)
  if (score === undefined || newcombe === undefined || ratio === undefined) {
    throw noResult('candidate', 'gives no interval.', 'Give at least one example of either model.')
  }
  return {
    difference:
      counts.candidateSuccesses / counts.candidateTotal -
      counts.baselineSuccesses / counts.baselineTotal,
    low: score.low,
    high: score.high,
    newcombeLow: newcombe.low,
    newcombeHigh: newcombe.high,
    pValue: miettinenNurminenTest(counts, 0)?.pValue ?? 1,
    nonInferior: score.low > -margin,
    ratio: finiteOrNull(ratio.ratio),
    ratioLow: ratio.low,
    ratioHigh: finiteOrNull(ratio.high),
  }
}
