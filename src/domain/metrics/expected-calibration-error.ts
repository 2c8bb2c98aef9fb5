import {
  defined,
  isMultiClass,
  type MetricData,
  type Outcome,
  positiveScores,
  undefinedBecause,
  type Weights,
} from './data.js'
import type { RowsMetric } from './metric.js'
import { topClass } from './top-class.js'

const BINS = 15

/**
 * Expected calibration error: over 15 equal-width bins (low, high] of the predicted probability of the positive
 * class, the mean over examples of |observed share - mean probability| (Naeini et al. 2015; Guo et al. 2017). The first bin
 * holds 0. Of several classes it is that of the most probable class: how often it is the true one. It is biased upwards:
 * a perfectly calibrated model scores above 0 on few examples.
 */
export const expectedCalibrationError: RowsMetric = {
  name: 'expected-calibration-error',
  summary: 'Mean distance of predicted probability and observed share over 15 bins.',
  kind: 'rows',
  tasks: ['classification'],
  direction: 'lower',
  needs: ['probability'],
  range: [0, 1],
  biased: true,
  binary: true,
  classes: 'any-with-class-scores',
  strata: 'none',
  prepare(data) {
    const { bins, gaps } = binned(data)
    return (weights) => binnedError(bins, gaps, weights)
  },
  sums(data) {
    const { bins, gaps } = binned(data)
    return { cells: bins, cellCount: BINS, terms: [gaps], of: errorOfSums }
  },
}

function binned(data: MetricData): { bins: Uint8Array; gaps: Float64Array } {
  const { probabilities, outcomes } = isMultiClass(data) ? topLabel(data) : positiveLabel(data)
  const bins = new Uint8Array(data.n)
  // Outcome minus probability: summed in a bin, it is n times the bin's gap.
  const gaps = new Float64Array(data.n)
  for (let i = 0; i < data.n; i++) {
    const probability = probabilities[i] ?? 0
    bins[i] = calibrationBin(probability)
    gaps[i] = (outcomes[i] ?? 0) - probability
  }
  return { bins, gaps }
}

/** From the weight and the summed gap of each bin. */
function errorOfSums(sums: Float64Array): Outcome {
  let total = 0
  let error = 0
  for (let bin = 0; bin < BINS; bin++) {
    total += sums[2 * bin] ?? 0
    error += Math.abs(sums[2 * bin + 1] ?? 0)
  }
  return total > 0 ? defined(error / total) : undefinedBecause('there are no examples')
}

interface Calibrated {
  readonly probabilities: Float64Array
  readonly outcomes: Uint8Array
}

function positiveLabel(data: MetricData): Calibrated {
  const { n, labels, positive } = data
  const outcomes = new Uint8Array(n)
  for (let i = 0; i < n; i++) outcomes[i] = labels[i] === positive ? 1 : 0
  return { probabilities: positiveScores(data) ?? new Float64Array(n), outcomes }
}

function topLabel(data: MetricData): Calibrated {
  const { n, labels } = data
  const { codes, scores } = topClass(data)
  const outcomes = new Uint8Array(n)
  for (let i = 0; i < n; i++) outcomes[i] = labels[i] === codes[i] ? 1 : 0
  return { probabilities: scores, outcomes }
}

function binnedError(bins: Uint8Array, gaps: Float64Array, weights: Weights | undefined): Outcome {
  const sums = new Float64Array(BINS)
  let total = 0
  for (let i = 0; i < bins.length; i++) {
    const weight = weights === undefined ? 1 : (weights[i] ?? 0)
    const bin = bins[i] ?? 0
    sums[bin] = (sums[bin] ?? 0) + weight * (gaps[i] ?? 0)
    total += weight
  }
  let error = 0
  for (const sum of sums) error += Math.abs(sum)
  return total > 0 ? defined(error / total) : undefinedBecause('there are no examples')
}

/** The bin of a probability among the 15 equal ones (low, high]. */
function calibrationBin(probability: number): number {
  const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(probability * BINS) - 1))
  // The product rounds: the edges themselves decide.
  if (bin > 0 && probability <= bin / BINS) return bin - 1
  return bin < BINS - 1 && probability > (bin + 1) / BINS ? bin + 1 : bin
}
