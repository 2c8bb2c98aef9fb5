import * as z from 'zod'
import { mcnemar } from '../../domain/stats/mcnemar.js'
import { tangoInterval } from '../../domain/stats/tango.js'
import { UserError } from '../../errors.js'

const Outcomes = z.array(z.union([z.literal(0), z.literal(1), z.boolean()])).min(1)

const input = z.strictObject({
  candidate: Outcomes.describe('For each example, 1 (or true) where the candidate is right.'),
  baseline: Outcomes.describe('The same for the baseline, on the same examples.'),
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('How much worse the candidate may be and still count as not inferior.'),
  level: z.number().gt(0).lt(1).default(0.95).describe('Confidence level of the interval.'),
})
type Input = z.output<typeof input>

interface PairedProportionsOutput {
  readonly difference: number
  readonly low: number
  readonly high: number
  readonly exactP: number
  readonly midP: number
  readonly nonInferior: boolean
}

/** `modelway stats paired-proportions`: the gate's comparison of two accuracies. */
export const procedure = {
  name: 'paired-proportions',
  summary:
    'Difference of two proportions on the same examples: interval by Tango (1998), p-values by McNemar.',
  input,
  output: {
    difference: "The candidate's share of right examples minus the baseline's.",
    low: 'Lower end of the two-sided score interval of the difference.',
    high: 'Upper end.',
    exactP: 'Exact two-sided p-value of no difference (McNemar).',
    midP: 'The same as mid-p-value, which is less conservative.',
    nonInferior: 'Whether all of the interval lies above -margin.',
  },
  run: runPairedProportions,
}

function runPairedProportions(given: Input): PairedProportionsOutput {
  const { candidate, baseline, margin, level } = given
  const n = candidate.length
  if (baseline.length !== n) {
    throw new UserError({
      code: 'MW-STATS-111',
      where: 'baseline',
      what: `has ${baseline.length} entries, and candidate has ${n}.`,
      fix: 'Give one entry for each example, in the same order.',
    })
  }
  let candidateOnly = 0
  let baselineOnly = 0
  for (const [i, value] of candidate.entries()) {
    const lead = Number(value) - Number(baseline[i])
    if (lead > 0) candidateOnly++
    if (lead < 0) baselineOnly++
  }
  const { low, high } = tangoInterval({ candidateOnly, baselineOnly, n, level })
  const { exactP, midP } = mcnemar(candidateOnly, baselineOnly)
  const difference = (candidateOnly - baselineOnly) / n
  return { difference, low, high, exactP, midP, nonInferior: low > -margin }
}
