import * as z from 'zod'
import {
  type RatioOfMeans,
  ratioOfMeans,
  ratioOfMeansUnpaired,
} from '../../domain/stats/ratio-of-means.js'
import {
  Clusters,
  checkRows,
  clusterCodes,
  finiteOrNull,
  Level,
  Numbers,
  noResult,
  Weights,
} from './samples.js'

const input = z.strictObject({
  candidate: Numbers.describe("The candidate's numbers, a row each, such as losses."),
  baseline: Numbers.describe("The baseline's: on the same rows unless paired is false."),
  weights: Weights.describe('A non-negative weight a row.'),
  clusters: Clusters.describe('Which rows vary together.'),
  paired: z.boolean().default(true).describe('false: the samples are of different examples.'),
  baselineWeights: Weights.describe("The baseline's weights, where paired is false."),
  baselineClusters: Clusters.describe("The baseline's clusters, where paired is false."),
  at: z.number().default(1).describe('The ratio that is tested, such as 1.02.'),
  level: Level.describe('Confidence level of the interval.'),
})
type Input = z.output<typeof input>

/** `modelway stats ratio-of-means`: the gate's relative margins for means. */
export const procedure = {
  name: 'ratio-of-means',
  summary: "Ratio of two means by Fieller's theorem (1954), paired or not, weighted and clustered.",
  input,
  output: {
    ratio: "The candidate's mean over the baseline's.",
    low: 'Lower end of the confidence set; null where it is unbounded.',
    high: 'Upper end; null where it is unbounded.',
    shape:
      '`interval`, or, where the baseline may be 0, `outside` (all but the excluded ratios) or `everything`.',
    excluded: 'The ratios that `outside` leaves out, as [low, high]; else null.',
    candidateMean: "The candidate's (weighted) mean.",
    baselineMean: "The baseline's.",
    degreesOfFreedom: "clusters - 1, or rows - 1; Welch's where paired is false.",
    statistic: 't of the ratio being `at`; null where nothing varies.',
    pValue: 'Two-sided.',
    below: 'One-sided: small when the true ratio is below `at`.',
    above: 'One-sided: small when it is above.',
  },
  run: runRatioOfMeans,
}

function runRatioOfMeans(given: Input) {
  const found = given.paired ? paired(given) : unpaired(given)
  if (found === undefined) {
    throw noResult(
      'baseline',
      'gives no ratio.',
      'Give at least two rows, or clusters, that have weight, and a baseline whose mean is not 0.',
    )
  }
  const { excluded } = found
  const { statistic, pValue, below, above } = found.testAt(given.at)
  return {
    ratio: found.ratio,
    low: finiteOrNull(found.low),
    high: finiteOrNull(found.high),
    shape: found.shape,
    excluded: excluded === undefined ? null : [excluded.low, excluded.high],
    candidateMean: found.candidateMean,
    baselineMean: found.baselineMean,
    degreesOfFreedom: found.degreesOfFreedom,
    statistic: finiteOrNull(statistic),
    pValue,
    below,
    above,
  }
}

function paired(given: Input): RatioOfMeans | undefined {
  const { baseline, weights, clusters, level, baselineWeights, baselineClusters } = given
  if (baselineWeights !== undefined || baselineClusters !== undefined) {
    throw noResult(
      baselineWeights === undefined ? 'baselineClusters' : 'baselineWeights',
      'belong to samples of different examples.',
      'Set paired to false, or give weights and clusters once for both models.',
    )
  }
  checkRows({ name: 'candidate', length: given.candidate.length }, { baseline, weights, clusters })
  return ratioOfMeans({
    candidate: Float64Array.from(given.candidate),
    baseline: Float64Array.from(baseline),
    weights,
    clusters: clusterCodes(clusters),
    level,
  })
}

function unpaired(given: Input): RatioOfMeans | undefined {
  const { weights, clusters, baselineWeights, baselineClusters, level } = given
  checkRows({ name: 'candidate', length: given.candidate.length }, { weights, clusters })
  const others = { baselineWeights, baselineClusters }
  checkRows({ name: 'baseline', length: given.baseline.length }, others)
  return ratioOfMeansUnpaired({
    candidate: {
      values: Float64Array.from(given.candidate),
      weights,
      clusters: clusterCodes(clusters),
    },
    baseline: {
      values: Float64Array.from(given.baseline),
      weights: baselineWeights,
      clusters: clusterCodes(baselineClusters),
    },
    level,
  })
}
