import type { Interval } from './interval.js'
import { linearisedMean, type Sample, samplingDesign, scoreCovariance } from './sampling.js'
import { studentHalfWidth } from './student-interval.js'

export interface ClusteredMean extends Interval {
  readonly mean: number
  readonly standardError: number
  /** clusters - 1. */
  readonly degreesOfFreedom: number
  /** How many clusters, or values where none are given, have weight. */
  readonly clusters: number
}

/**
 * Student's two-sided interval for a (weighted) mean with linearised variance. With clusters it is the CR1 sandwich,
 * G / (G - 1) times the sum of squares of the clusters' summed scores (Liang & Zeger 1986, Biometrika 73:13-22; for
 * evaluations Miller 2024, arXiv:2411.00640), with G - 1 degrees of freedom: the same as a survey's Taylor linearisation
 * for one stage, and, without weights and clusters, as the ordinary t interval. All values equal -> the point. Fewer than
 * two clusters (values) of positive weight, a value or weight that is not finite, a negative weight, all weights 0, or
 * lists of different lengths -> undefined. With fewer than about 20 clusters see `clusterSignFlip`.
 */
export function clusteredMean(
  input: Sample & { readonly level: number },
): ClusteredMean | undefined {
  const design = samplingDesign(input)
  const found = design && linearisedMean(input.values, design)
  if (design === undefined || found === undefined) return undefined
  const { mean, scores } = found
  const clusters = design.groups
  const standardError = Math.sqrt(scoreCovariance(scores, scores, clusters))
  if (!Number.isFinite(standardError)) return undefined
  const degreesOfFreedom = clusters - 1
  const half = studentHalfWidth({ mean, standardError, degreesOfFreedom }, input.level)
  return {
    mean,
    standardError,
    low: mean - half,
    high: mean + half,
    degreesOfFreedom,
    clusters,
    level: input.level,
    method: input.clusters === undefined ? 'linearised-t' : 'clustered-t',
  }
}
