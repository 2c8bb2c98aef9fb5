import * as z from 'zod'
import { clusteredMean } from '../../domain/stats/clustered-mean.js'
import { type EquivalenceTest, equivalenceTest } from '../../domain/stats/equivalence.js'
import { Clusters, checkRows, clusterCodes, Level, Numbers, noResult, Weights } from './samples.js'

const input = z.strictObject({
  differences: Numbers.describe('Candidate minus baseline, a number an example.'),
  weights: Weights.describe('A non-negative weight an example.'),
  clusters: Clusters.describe('Which examples vary together.'),
  margin: z
    .number()
    .positive()
    .describe('Equivalent means: the true mean lies inside plus and minus this.'),
  level: Level.describe('Two-sided confidence level of the interval: 0.9 makes both tests 5 %.'),
})

/** `modelway stats tost`: the gate's equivalence of two means. */
export const procedure = {
  name: 'tost',
  summary: 'Equivalence by two one-sided t tests of paired differences (Schuirmann 1987).',
  input,
  output: {
    mean: 'Mean difference.',
    standardError: 'Its standard error.',
    degreesOfFreedom: 'clusters - 1, or examples - 1.',
    lowerP: 'One-sided p-value of a difference at or below -margin.',
    upperP: 'One-sided p-value of a difference at or above margin.',
    pValue: 'The larger of the two.',
    low: 'Lower end of the two-sided interval.',
    high: 'Upper end.',
    equivalent: 'Whether the interval lies inside of the margins.',
  },
  run: runTost,
}

interface TostOutput extends EquivalenceTest {
  readonly mean: number
  readonly standardError: number
  readonly degreesOfFreedom: number
}

function runTost(given: z.output<typeof input>): TostOutput {
  const { differences, weights, clusters, margin, level } = given
  checkRows({ name: 'differences', length: differences.length }, { weights, clusters })
  const estimate = clusteredMean({
    values: Float64Array.from(differences),
    weights,
    clusters: clusterCodes(clusters),
    level,
  })
  const found =
    estimate &&
    equivalenceTest({ ...estimate, estimate: estimate.mean, lower: -margin, upper: margin })
  if (estimate === undefined || found === undefined) {
    const fix = 'Give at least two examples, or clusters, that have weight.'
    throw noResult(clusters === undefined ? 'differences' : 'clusters', 'are too few.', fix)
  }
  const { mean, standardError, degreesOfFreedom } = estimate
  return { mean, standardError, degreesOfFreedom, ...found }
}
