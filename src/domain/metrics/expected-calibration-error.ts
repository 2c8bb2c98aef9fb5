import {
  defined,
  isPositive,
  type MetricData,
  type Outcome,
  undefinedBecause,
  type Weights,
  weightAt,
} from './data.js'
import type { RowsMetric } from './metric.js'

const BINS = 15

/**
 * Expected calibration error: over 15 equal-width bins (low, high] of the predicted probability of the positive
 * class, the mean over examples of |observed share - mean probability| (Naeini et al. 2015; Guo et al. 2017). The first bin
 * holds 0. It is biased upwards: a perfectly calibrated model scores above 0 on few examples.
 */
export const expectedCalibrationError: RowsMetric = {
  name: 'expected-calibration-error',
  summary: 'Mean distance of predicted probability and observed share over 15 bins.',
  kind: 'rows',
  tasks: ['classification'],
  direction: 'lower',
  needs: ['probability'],
  range: [0, 1],
  binary: true,
  strata: 'none',
  prepare(data) {
    const bins = Uint8Array.from({ length: data.n }, (_, row) => binOf(data.scores?.[row] ?? 0))
    const gaps = gapsOf(data)
    return (weights) => binnedError(bins, gaps, weights)
  },
}

function binnedError(bins: Uint8Array, gaps: Float64Array, weights: Weights | undefined): Outcome {
  const sums = new Float64Array(BINS)
  let total = 0
  for (let i = 0; i < bins.length; i++) {
    const weight = weightAt(weights, i)
    const bin = bins[i] ?? 0
    sums[bin] = (sums[bin] ?? 0) + weight * (gaps[i] ?? 0)
    total += weight
  }
  let error = 0
  for (const sum of sums) error += Math.abs(sum)
  return total > 0 ? defined(error / total) : undefinedBecause('there are no examples')
}

/** Outcome minus probability: summed in a bin, it is n times the bin's gap. */
function gapsOf(data: MetricData): Float64Array {
  const gaps = new Float64Array(data.n)
  for (let i = 0; i < data.n; i++) gaps[i] = isPositive(data, i) - (data.scores?.[i] ?? 0)
  return gaps
}

function binOf(probability: number): number {
  const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(probability * BINS) - 1))
  // The product rounds: the edges themselves decide.
  if (bin > 0 && probability <= bin / BINS) return bin - 1
  return bin < BINS - 1 && probability > (bin + 1) / BINS ? bin + 1 : bin
}
