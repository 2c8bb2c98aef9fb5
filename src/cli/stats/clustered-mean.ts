import * as z from 'zod'
import { clusterSignFlip } from '../../domain/stats/cluster-sign-flip.js'
import { clusteredMean } from '../../domain/stats/clustered-mean.js'
import { kishEffectiveSize } from '../../domain/stats/kish.js'
import { studentTCdf } from '../../domain/stats/special/student-t.js'
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
  values: Numbers.describe('A number a row, such as a loss, or 0 and 1.'),
  weights: Weights.describe('A non-negative weight a row.'),
  clusters: Clusters.describe('Which rows vary together: the name of a user or prompt, a row.'),
  boundary: z.number().default(0).describe('The mean that is tested.'),
  level: Level.describe('Confidence level of the interval.'),
})

interface ClusteredMeanOutput {
  readonly mean: number
  readonly standardError: number
  readonly low: number
  readonly high: number
  readonly degreesOfFreedom: number
  readonly clusters: number
  readonly effectiveSize: number | null
  readonly statistic: number | null
  readonly pValue: number
  readonly signFlipP: number | null
}

/** `modelway stats clustered-mean`: the gate's interval for means with weights or clusters. */
export const procedure = {
  name: 'clustered-mean',
  summary:
    'A mean with weights and clusters: linearised (sandwich, CR1) variance and Student t with clusters - 1 degrees of freedom.',
  input,
  output: {
    mean: 'The (weighted) mean.',
    standardError: 'Its standard error.',
    low: 'Lower end of the two-sided interval.',
    high: 'Upper end.',
    degreesOfFreedom: 'clusters - 1.',
    clusters: 'How many clusters, or rows where none are given, have weight.',
    effectiveSize: "Kish's effective number of rows under the weights.",
    statistic: '(mean - boundary) / standard error; null where nothing varies.',
    pValue: 'Two-sided, by t, of the mean being the boundary.',
    signFlipP: 'The same by flipping the signs of whole clusters; null with more than 20 clusters.',
  },
  run: runClusteredMean,
}

function runClusteredMean(given: z.output<typeof input>): ClusteredMeanOutput {
  const { weights, boundary, level } = given
  const rows = { name: 'values', length: given.values.length }
  checkRows(rows, { weights, clusters: given.clusters })
  const sample = {
    values: Float64Array.from(given.values),
    weights,
    clusters: clusterCodes(given.clusters),
  }
  const found = clusteredMean({ ...sample, level })
  if (found === undefined) {
    const fix = 'Give at least two clusters, or rows without clusters, that have weight.'
    throw noResult(given.clusters === undefined ? 'values' : 'clusters', 'are too few.', fix)
  }
  const { mean, standardError, low, high, degreesOfFreedom, clusters } = found
  const deviation = mean - boundary
  const statistic = deviation === 0 ? 0 : deviation / standardError
  return {
    mean,
    standardError,
    low,
    high,
    degreesOfFreedom,
    clusters,
    effectiveSize: kishEffectiveSize(weights ?? new Float64Array(rows.length).fill(1)) ?? null,
    statistic: finiteOrNull(statistic),
    pValue: Math.min(1, 2 * studentTCdf(-Math.abs(statistic), degreesOfFreedom)),
    signFlipP: clusterSignFlip({ ...sample, boundary })?.pValue ?? null,
  }
}
