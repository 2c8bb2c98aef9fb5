import * as z from 'zod'
import { createBoundedMeanSequence } from '../../domain/stats/betting-mean.js'
import { normalMixtureInterval } from '../../domain/stats/normal-mixture-interval.js'
import { quantileInterval, quantileTest } from '../../domain/stats/quantile-sequence.js'
import { finiteOrNull, Numbers } from './samples.js'

const input = z
  .strictObject({
    values: Numbers.describe('The values so far, in the order in which they came.'),
    method: z
      .enum(['betting', 'normal-mixture', 'quantile'])
      .default('betting')
      .describe('`betting`: the mean of bounded values; `normal-mixture`: any mean; `quantile`.'),
    alpha: z.number().gt(0).lt(1).default(0.05).describe('The error rate over all looks together.'),
    bounds: z
      .tuple([z.number(), z.number()])
      .default([0, 1])
      .describe('`betting`: what no value can be below or above.'),
    deviation: z
      .number()
      .positive()
      .optional()
      .describe('`normal-mixture`: the standard deviation, if known; else it is estimated.'),
    quantile: z.number().gt(0).lt(1).default(0.5).describe('`quantile`: which one.'),
    other: Numbers.optional().describe('`quantile`: values to compare with.'),
    sharpestAt: z
      .number()
      .min(1)
      .default(1000)
      .describe('The number of values at which to be sharpest; it holds at any number.'),
  })
  .refine(({ bounds }) => bounds[0] < bounds[1], {
    message: 'the lower bound must be below the upper one',
    path: ['bounds'],
  })
  .refine(
    ({ method, values, bounds }) =>
      method !== 'betting' || values.every((value) => value >= bounds[0] && value <= bounds[1]),
    { message: 'a value lies outside `bounds`', path: ['values'] },
  )

type Input = z.output<typeof input>

/** `modelway stats confidence-sequence`: an interval that may be looked at after every value. */
export const procedure = {
  name: 'confidence-sequence',
  summary: 'Interval for a mean or a quantile that holds at every look, not at one size alone.',
  input,
  output: {
    estimate: 'The mean or the quantile of the values; null where there are too few.',
    low: 'The lower end; null where the values do not bound it.',
    high: 'The upper end; null where the values do not bound it.',
    pValue: '`quantile` with `other`: for equal quantiles, valid at every look; else null.',
  },
  run(given: Input) {
    const found = intervalOf(given)
    return {
      estimate: finiteOrNull(found?.estimate),
      low: finiteOrNull(found?.low),
      high: finiteOrNull(found?.high),
      pValue: pValueOf(given),
    }
  },
}

function intervalOf(given: Input) {
  if (given.method === 'quantile') return quantileInterval(sorted(given.values), given)
  return given.method === 'betting' ? betting(given) : normalMixtureInterval(given.values, given)
}

function betting({ values, alpha, bounds: [least, most] }: Input) {
  const sequence = createBoundedMeanSequence(alpha)
  const width = most - least
  for (const value of values) sequence.update(Math.min(1, (value - least) / width))
  const found = sequence.interval()
  if (found === undefined) return undefined
  const scaled = (part: number) => least + width * part
  return {
    estimate: scaled(found.estimate),
    low: scaled(found.low),
    high: scaled(found.high),
  }
}

function pValueOf(given: Input): number | null {
  if (given.method !== 'quantile' || given.other === undefined) return null
  return quantileTest(sorted(given.values), sorted(given.other), given)
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort()
}
