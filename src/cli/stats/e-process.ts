import * as z from 'zod'
import { finite } from '../../domain/rollout/analysis.js'
import { createRateEProcess } from '../../domain/stats/rate-e-process.js'
import { Intervals } from './intervals.js'

const input = z.strictObject({
  intervals: Intervals,
  ratio: z
    .number()
    .positive()
    .default(1)
    .describe('The ratio of rates (canary over stable) at the border of the null hypothesis.'),
  alpha: z.number().gt(0).lt(1).default(0.05).describe('The error rate; 1/alpha is the border.'),
  direction: z
    .enum(['increase', 'decrease'])
    .default('increase')
    .describe('`increase`: evidence that the ratio is above; `decrease`: that it is below.'),
  weights: z
    .enum(['even', 'rollout'])
    .default('even')
    .describe(
      'How the 25 ratios that it is compared with are weighed: `even`, or `rollout` as deploy-canary does.',
    ),
})

/** `modelway stats e-process`: the evidence of deploy-canary on a rate, look by look. */
export const procedure = {
  name: 'e-process',
  summary: 'Evidence, valid at every look, that a canary has more (or fewer) events than stable.',
  input,
  output: {
    eValues: 'The e-value after each interval (conditional binomial mixture).',
    crossedAt: 'Index of the first interval with an e-value of 1/alpha or more; null if none.',
  },
  run(given: z.output<typeof input>) {
    const process = createRateEProcess(given)
    const eValues = given.intervals.map((interval) => finite(process.update(interval)) ?? 0)
    const crossedAt = eValues.findIndex((value) => value >= 1 / given.alpha)
    return { eValues, crossedAt: crossedAt === -1 ? null : crossedAt }
  },
}
