import { wilsonInterval } from '../../stats/wilson.js'
import type { CalibrationBin, Diagnostics } from '../verdict.js'
import { type DiagnosedExamples, type Judged, outputsOf } from './examples.js'
import { orderStatistics } from './order-statistics.js'

const BINS = 10
const GRID = 2 ** 26
const STEPS = 1024

/**
 * How often the positive class came true, by tenths of the examples in the order of their probability. Bins of equal
 * count, since probabilities crowd at the ends, where bins of equal width are empty or crowded (Nguyen & O'Connor 2015;
 * their error is estimated with less bias, Roelofs, Cain, Shlens & Mozer 2022). Edges and sides are those of
 * scikit-learn's `calibration_curve(strategy='quantile')`; duplicates are one. Null where scores are no probabilities or
 * no class is the positive one; rows without a score are left out.
 */
export function calibrationOf(
  examples: DiagnosedExamples,
  level: number,
): Diagnostics['calibration'] {
  const scores = outputsOf(examples, 'scores')
  const { positive } = examples
  if (scores === undefined || positive === undefined) return null
  const curve = ({ values, labels }: Judged): readonly CalibrationBin[] | null =>
    curveOf({ probabilities: values, labels, positive, level })
  const candidate = curve(scores.candidate)
  if (candidate === null) return null
  return { candidate, baseline: scores.baseline === undefined ? null : curve(scores.baseline) }
}

interface CurveInput {
  readonly probabilities: Float64Array
  readonly labels: Float64Array
  readonly positive: number
  readonly level: number
}

function curveOf(input: CurveInput): readonly CalibrationBin[] | null {
  const present = withoutMissing(input.probabilities)
  if (!areProbabilities(present)) return null
  const binOf = binFinder(innerEdges(present))
  const counts = new Float64Array(BINS)
  const coarse = new Float64Array(BINS)
  const fine = new Float64Array(BINS)
  const hits = new Float64Array(BINS)
  const { probabilities, labels, positive, level } = input
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i] ?? Number.NaN
    if (Number.isNaN(p)) continue
    const bin = binOf(p)
    counts[bin] = (counts[bin] ?? 0) + 1
    // Sums of multiples of 2^-26 are exact, and so the same in any order of the rows.
    const rounded = Math.round(p * GRID) / GRID
    coarse[bin] = (coarse[bin] ?? 0) + rounded
    fine[bin] = (fine[bin] ?? 0) + (p - rounded)
    if (labels[i] === positive) hits[bin] = (hits[bin] ?? 0) + 1
  }
  return Array.from(counts, (n, bin) => {
    const interval = wilsonInterval(hits[bin] ?? 0, n, level)
    if (interval === undefined) return []
    const { low, high } = interval
    const meanScore = ((coarse[bin] ?? 0) + (fine[bin] ?? 0)) / n
    return [{ meanScore, observed: (hits[bin] ?? 0) / n, n, low, high }]
  }).flat()
}

/** Values equal to an edge belong below it. A table of 1024 equal steps says where to begin to look. */
function binFinder(edges: Float64Array): (value: number) => number {
  const starts = Uint8Array.from({ length: STEPS + 1 }, (_, step) =>
    edges.reduce((below, edge) => below + (edge < step / STEPS ? 1 : 0), 0),
  )
  return (value) => {
    let bin = starts[(value * STEPS) | 0] ?? 0
    while (bin < edges.length && value > (edges[bin] ?? 0)) bin++
    return bin
  }
}

/** numpy's deciles, linear interpolation. */
function innerEdges(values: Float64Array): Float64Array {
  const positions = Array.from({ length: BINS - 1 }, (_, k) => {
    // As numpy's linspace and percentile round (k + 1) / 10: it decides on which side ties fall.
    return (values.length - 1) * (((k + 1) * (1 / BINS) * 100) / 100)
  })
  const last = values.length - 1
  const ranks = positions.flatMap((position) => {
    const below = Math.floor(position)
    return [below, Math.min(last, below + 1)]
  })
  const at = orderStatistics(values, ranks)
  return Float64Array.from(positions, (position, k) => {
    const low = at[2 * k] ?? 0
    const high = at[2 * k + 1] ?? 0
    const part = position - Math.floor(position)
    return part >= 0.5 ? high - (high - low) * (1 - part) : low + (high - low) * part
  })
}

function withoutMissing(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) return values.filter((value) => !Number.isNaN(value))
  }
  return values
}

/** Some, and all inside [0, 1]. */
function areProbabilities(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    if (!(value >= 0 && value <= 1)) return false
  }
  return values.length > 0
}
