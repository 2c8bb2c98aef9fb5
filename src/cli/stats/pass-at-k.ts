import * as z from 'zod'
import { clusteredMean } from '../../domain/stats/clustered-mean.js'
import { passAtK } from '../../domain/stats/pass-at-k.js'
import { Level, noResult } from './samples.js'

const input = z.strictObject({
  problems: z
    .array(z.strictObject({ samples: z.int().min(1), correct: z.int().min(0) }))
    .min(1)
    .describe('For each problem, how many samples were drawn and how many of them are correct.'),
  k: z.int().min(1).describe('How many samples a user would draw.'),
  level: Level.describe('Confidence level of the interval.'),
})

interface PassAtKOutput {
  readonly passAtK: number
  readonly low: number | null
  readonly high: number | null
  readonly perProblem: readonly number[]
}

/** `modelway stats pass-at-k`: the gate's measure of generated code. */
export const procedure = {
  name: 'pass-at-k',
  summary: 'Unbiased pass@k by problem and its mean over problems (Chen et al. 2021).',
  input,
  output: {
    passAtK: 'Mean over the problems.',
    low: 'Lower end of its two-sided t interval over problems, cut to [0, 1]; null for one problem.',
    high: 'Upper end.',
    perProblem: 'The estimate of each problem.',
  },
  run: runPassAtK,
}

function runPassAtK({ problems, k, level }: z.output<typeof input>): PassAtKOutput {
  const perProblem = problems.map(({ samples, correct }, i) => {
    const estimate = passAtK(samples, correct, k)
    if (estimate !== undefined) return estimate
    const what = `${correct} correct of ${samples} samples give no pass@${k}.`
    const fix = 'Give at least k samples of each problem, and no more correct ones than samples.'
    throw noResult(`problems[${i}]`, what, fix)
  })
  const found = clusteredMean({ values: Float64Array.from(perProblem), level })
  return {
    passAtK: found?.mean ?? perProblem[0] ?? 0,
    low: found === undefined ? null : Math.max(0, found.low),
    high: found === undefined ? null : Math.min(1, found.high),
    perProblem,
  }
}
