import type { Diagnostics, Histogram } from '../verdict.js'
import { type DiagnosedExamples, type Judged, type JudgedPair, outputsOf } from './examples.js'
import { extent, finiteOf, orderStatistics } from './order-statistics.js'

const SCORE_BINS = 20
const MOST_ERROR_BINS = 40
/** The share of values beyond each end that the drawing puts into the outer bins. */
const TAIL = 0.005

/**
 * Scores of the positive examples and of the others, both models over the same 20 bins: of [0, 1] when all scores lie
 * there, otherwise of the middle 99% of both models' scores. Missing scores are left out. Null without scores or
 * without a positive class.
 */
export function scoreHistograms(examples: DiagnosedExamples): Diagnostics['scores'] {
  const scores = outputsOf(examples, 'scores')
  const { positive } = examples
  if (scores === undefined || positive === undefined) return null
  const edges = scoreEdges(valuesOf(scores))
  if (edges === undefined) return null
  const ofModel = ({ values, labels }: Judged) => {
    const sides = { positive: zeros(edges), negative: zeros(edges) }
    for (let i = 0; i < values.length; i++) {
      const side = labels[i] === positive ? sides.positive : sides.negative
      count(side, edges, values[i] ?? Number.NaN)
    }
    return sides
  }
  const candidate = ofModel(scores.candidate)
  const baseline = scores.baseline && ofModel(scores.baseline)
  const side = (name: 'positive' | 'negative'): Histogram => ({
    edges,
    candidate: candidate[name],
    baseline: baseline?.[name] ?? null,
  })
  return { positive: side('positive'), negative: side('negative') }
}

/**
 * Prediction minus label, both models over the same bins of the middle 99% of their errors. The width is that of
 * Freedman & Diaconis (1981), 2 IQR / n^(1/3) of the candidate's errors, which a few wild values do not widen; at most
 * 40 bins. Rows without a finite error are left out, infinite ones are in the outer bins. Null but in regression.
 */
export function errorHistogram(examples: DiagnosedExamples): Histogram | null {
  const predictions = outputsOf(examples, 'predictions')
  if (examples.task !== 'regression' || predictions === undefined) return null
  const errors = {
    candidate: errorsOf(predictions.candidate),
    baseline: predictions.baseline && errorsOf(predictions.baseline),
  }
  const range = middleOf(Object.values(errors).filter((values) => values !== undefined))
  if (range === undefined) return null
  const edges = evenEdges(range, freedmanDiaconis(finiteOf(errors.candidate), range))
  const counted = (values: Float64Array) => {
    const counts = zeros(edges)
    for (let i = 0; i < values.length; i++) count(counts, edges, values[i] ?? Number.NaN)
    return counts
  }
  return {
    edges,
    candidate: counted(errors.candidate),
    baseline: errors.baseline === undefined ? null : counted(errors.baseline),
  }
}

function errorsOf({ values, labels }: Judged): Float64Array {
  const errors = new Float64Array(values.length)
  for (let i = 0; i < errors.length; i++) errors[i] = (values[i] ?? 0) - (labels[i] ?? 0)
  return errors
}

interface Range {
  readonly low: number
  readonly high: number
}

function scoreEdges(scores: readonly Float64Array[]): readonly number[] | undefined {
  const ranges = scores.map((values) => extent(values))
  if (!ranges.some(({ low, high }) => low <= high)) return undefined
  const unit = ranges.every(({ low, high }) => low >= 0 && (high <= 1 || low > high))
  if (unit) return evenEdges({ low: 0, high: 1 }, SCORE_BINS)
  const range = middleOf(scores)
  return range && evenEdges(range, SCORE_BINS)
}

/** Undefined where there is no finite value. */
function middleOf(models: readonly Float64Array[]): Range | undefined {
  const ranges = models.flatMap((values) => {
    const finite = finiteOf(values)
    const last = finite.length - 1
    if (last < 0) return []
    const tail = Math.floor(last * TAIL)
    const [low, high] = orderStatistics(finite, [tail, last - tail])
    return [{ low: low ?? 0, high: high ?? 0 }]
  })
  if (ranges.length === 0) return undefined
  return {
    low: Math.min(...ranges.map(({ low }) => low)),
    high: Math.max(...ranges.map(({ high }) => high)),
  }
}

function valuesOf({ candidate, baseline }: JudgedPair): Float64Array[] {
  return baseline === undefined ? [candidate.values] : [candidate.values, baseline.values]
}

function freedmanDiaconis(errors: Float64Array, { low, high }: Range): number {
  const last = errors.length - 1
  const quarter = Math.floor(last / 4)
  const [first, third] = orderStatistics(errors, [quarter, last - quarter])
  const width = (2 * ((third ?? 0) - (first ?? 0))) / Math.cbrt(errors.length)
  const bins = Math.ceil((high - low) / width)
  // More than half of the errors are equal, or they are further apart than a double can say.
  if (!(width > 0 && Number.isFinite(bins))) return MOST_ERROR_BINS
  return Math.min(MOST_ERROR_BINS, Math.max(1, bins))
}

/** Equal bins; one bin where the range has no room for them. */
function evenEdges({ low, high }: Range, bins: number): readonly number[] {
  const edges = Array.from({ length: bins + 1 }, (_, i) => between(low, high, i / bins))
  const rising = edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge))
  if (rising) return edges
  const half = Math.max(0.5, Math.abs(low) * 2 ** -40)
  if (low < high) return [low, high]
  return [Math.max(-Number.MAX_VALUE, low - half), Math.min(Number.MAX_VALUE, high + half)]
}

/** A weighted mean cannot overflow, as low + part * (high - low) does for the largest doubles. */
function between(low: number, high: number, part: number): number {
  return part === 1 ? high : low * (1 - part) + high * part
}

function zeros(edges: readonly number[]): number[] {
  return new Array<number>(edges.length - 1).fill(0)
}

/** Bins [from, to), the last closed, as numpy's; what lies beyond the edges is in the outer bins. NaN is not counted. */
function count(counts: number[], edges: readonly number[], value: number): void {
  if (Number.isNaN(value)) return
  const bins = counts.length
  const position = Math.floor(shareOf(value, edges[0] ?? 0, edges[bins] ?? 0) * bins)
  let bin = Math.min(bins - 1, Math.max(0, Number.isNaN(position) ? 0 : position))
  // The division rounds: the edges themselves decide.
  if (bin > 0 && value < (edges[bin] ?? 0)) bin--
  else if (bin < bins - 1 && value >= (edges[bin + 1] ?? 0)) bin++
  counts[bin] = (counts[bin] ?? 0) + 1
}

/** How far a value lies between two edges; halves, where they are further apart than a double can say. */
function shareOf(value: number, low: number, high: number): number {
  if (Number.isFinite(high - low)) return (value - low) / (high - low)
  return (value / 2 - low / 2) / (high / 2 - low / 2)
}
