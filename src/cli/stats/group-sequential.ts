import * as z from 'zod'
import {
  addStratum,
  groupSequentialBounds,
  type StratifiedScore,
  spentAlpha,
  stratifiedZ,
} from '../../domain/stats/group-sequential.js'
import { Intervals } from './intervals.js'
import { finiteOrNull, noResult } from './samples.js'

const input = z
  .strictObject({
    intervals: Intervals.min(1),
    looks: z
      .array(z.int().min(1))
      .min(1)
      .describe('After how many intervals one looks, ascending; the last look ends the horizon.'),
    alpha: z.number().gt(0).lt(1).default(0.05).describe('One-sided error rate over all looks.'),
    spending: z
      .enum(['obrien-fleming', 'pocock'])
      .default('obrien-fleming')
      .describe('How alpha is spent over the horizon (Lan & DeMets 1983).'),
  })
  .refine(({ looks }) => looks.every((look, i) => look > (looks[i - 1] ?? 0)), {
    message: 'looks must ascend',
    path: ['looks'],
  })

/** `modelway stats group-sequential`: the canary's stratified test for a horizon that is fixed beforehand. */
export const procedure = {
  name: 'group-sequential',
  summary: 'Whether a canary has more events than stable, at a few looks planned beforehand.',
  input,
  output: {
    z: 'Stratified (Cochran-Mantel-Haenszel) z at each look there are intervals for, corrected for skewness.',
    bounds: 'z that must be reached at those looks; null where nothing may be spent.',
    spent: 'Alpha spent by each of those looks.',
    crossedAt: 'Index of the first look at which z reaches its bound; null if none.',
  },
  run: runGroupSequential,
}

function runGroupSequential(given: z.output<typeof input>) {
  const { intervals, looks, alpha, spending } = given
  const horizon = looks.at(-1) ?? 1
  const seen = looks.filter((look) => look <= intervals.length)
  const scores = seen.map((look) => scoreOf(intervals.slice(0, look)))
  const planned = seen.map((look, i) => ({
    time: look / horizon,
    information: scores[i]?.variance ?? 0,
  }))
  const first = planned.findIndex(
    ({ information }, i) => information <= (planned[i - 1]?.information ?? 0),
  )
  if (first !== -1) {
    throw noResult(
      'looks',
      `look ${first} comes with no new event in both arms together.`,
      'Look later.',
    )
  }
  const bounds = groupSequentialBounds({ alpha, spending, looks: planned })
  const zs = scores.map(stratifiedZ)
  const crossedAt = zs.findIndex((value, i) => value >= (bounds[i] ?? Number.POSITIVE_INFINITY))
  return {
    z: zs,
    bounds: bounds.map(finiteOrNull),
    spent: planned.map(({ time }) => spentAlpha(alpha, spending, time)),
    crossedAt: crossedAt === -1 ? null : crossedAt,
  }
}

function scoreOf(intervals: z.output<typeof input>['intervals']): StratifiedScore {
  let sums: StratifiedScore = { score: 0, variance: 0, skew: 0 }
  for (const interval of intervals) sums = addStratum(interval, sums)
  return sums
}
