import * as z from 'zod'
import { finite } from '../../domain/rollout/analysis.js'
import { sampleRatioEValue } from '../../domain/stats/sample-ratio.js'

const input = z
  .strictObject({
    counts: z.array(z.int().min(0)).min(1).describe('Requests that each version got.'),
    weights: z
      .array(z.number().min(0))
      .min(1)
      .describe('The weights that were set, in the same order; only their proportions matter.'),
    concentration: z
      .number()
      .positive()
      .default(100)
      .describe('How closely the prior sits around the weights.'),
  })
  .refine(({ counts, weights }) => counts.length === weights.length, {
    message: 'there must be one weight a count',
    path: ['weights'],
  })
  .refine(({ weights }) => weights.some((weight) => weight > 0), {
    message: 'at least one weight must be above 0',
    path: ['weights'],
  })

/** `modelway stats sample-ratio`: whether traffic was split as it was set. */
export const procedure = {
  name: 'sample-ratio',
  summary: 'Evidence, valid at every look, that traffic is not split as the weights say.',
  input,
  output: {
    eValue:
      'Dirichlet-multinomial e-value; deploy-canary stops at 1000. The largest finite number stands for infinity.',
    observed: 'The share of requests that each version got; empty without requests.',
    expected: 'The share that the weights give it.',
  },
  run(given: z.output<typeof input>) {
    return {
      eValue: finite(sampleRatioEValue(given)),
      observed: shares(given.counts),
      expected: shares(given.weights),
    }
  },
}

function shares(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0)
  return total === 0 ? [] : values.map((value) => value / total)
}
