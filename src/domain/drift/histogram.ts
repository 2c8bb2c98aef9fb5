import { quantileOfRanks } from '../stats/quantile.js'
import { total } from '../stats/shares.js'
import type { Column } from '../table/column.js'
import { labelOf } from './label.js'
import { type NumericShape, ranksOf, shapeOf } from './numeric-shape.js'
import type { Histogram, Sides } from './predicate.js'
import type { CategoryPair, NumericPair } from './tests/drift-test.js'

const MOST_BINS = 30
const MOST_CATEGORIES = 20
/** The share of values beyond each end that the drawing puts into the outer bins. */
const TAIL = 0.005

/**
 * Shares of both samples over the same bins of equal width. A few outliers do not flatten the rest: the range is that
 * of the middle 99 % of either sample. A sample without values has shares 0; neither has any: null.
 */
export function numericHistogram(
  values: NumericPair | NumericShape,
  type: Column['type'],
): Histogram | null {
  const shape = values.kind === 'numeric' ? shapeOf(values) : values
  const range = commonRange(shape)
  if (range === undefined) return null
  const edges = type === 'integer' ? integerEdges(range) : evenEdges(range)
  return {
    kind: 'numeric',
    edges,
    reference: sharesOver(shape, 'reference', edges),
    current: sharesOver(shape, 'current', edges),
  }
}

interface Range {
  readonly low: number
  readonly high: number
}

function commonRange(shape: NumericShape): Range | undefined {
  const samples = (['reference', 'current'] as const)
    .map((side) => ranksOf(shape, side))
    .filter(({ count }) => count > 0)
  if (samples.length === 0) return undefined
  const low = Math.min(...samples.map((sample) => quantileOfRanks(sample, TAIL) ?? 0))
  const high = Math.max(...samples.map((sample) => quantileOfRanks(sample, 1 - TAIL) ?? 0))
  return { low, high }
}

/** One bin where the range has no room for thirty. */
function evenEdges({ low, high }: Range): number[] {
  const edges = Array.from({ length: MOST_BINS + 1 }, (_, i) => between(low, high, i / MOST_BINS))
  return edges.every(isNewEdge) ? edges : [low, high]
}

/** A weighted mean cannot overflow, as low + part * (high - low) does for the largest doubles. */
function between(low: number, high: number, part: number): number {
  return low * (1 - part) + high * part
}

/** Bins of whole numbers, each the same count of them, so that no bin is high only by rounding. */
function integerEdges({ low, high }: Range): number[] {
  const first = Math.floor(low)
  const count = Math.ceil(high) - first + 1
  const width = Math.ceil(count / MOST_BINS)
  const bins = Math.ceil(count / width)
  const edges = Array.from({ length: bins + 1 }, (_, i) => first - 0.5 + i * width)
  return edges.every(isNewEdge) ? edges : evenEdges({ low, high })
}

function isNewEdge(edge: number, index: number, edges: readonly number[]): boolean {
  return Number.isFinite(edge) && (index === 0 || edge > (edges[index - 1] ?? edge))
}

function sharesOver(shape: NumericShape, side: keyof Sides, edges: readonly number[]): number[] {
  const bins = edges.length - 1
  const shares = new Array<number>(bins).fill(0)
  const count = shape.sizes[side]
  if (count === 0) return shares
  let before = 0
  for (let bin = 0; bin < bins; bin++) {
    const upTo = bin === bins - 1 ? count : shape.countUpTo(side, edges[bin + 1] ?? 0)
    shares[bin] = (upTo - before) / count
    before = upTo
  }
  return shares
}

/** The categories with the largest share in either sample, largest first; the rest together. */
export function categoryHistogram(pair: CategoryPair): Histogram | null {
  const reference = sharesOf(pair.reference)
  const current = sharesOf(pair.current)
  if (pair.categories.length === 0) return null
  const weight = (i: number) => Math.max(reference[i] ?? 0, current[i] ?? 0)
  const order = pair.categories.map((_, i) => i).sort((a, b) => weight(b) - weight(a) || a - b)
  const shown = order.slice(0, MOST_CATEGORIES)
  const rest = order.slice(MOST_CATEGORIES)
  const pick = (shares: Float64Array, at: readonly number[]) => at.map((i) => shares[i] ?? 0)
  return {
    kind: 'categorical',
    categories: shown.map((i) => labelOf(pair.categories[i] ?? '')),
    reference: pick(reference, shown),
    current: pick(current, shown),
    others: {
      reference: total(Float64Array.from(pick(reference, rest))),
      current: total(Float64Array.from(pick(current, rest))),
    },
    otherCount: rest.length,
  }
}

function sharesOf(counts: Float64Array): Float64Array {
  const sum = total(counts)
  return sum > 0 ? counts.map((count) => count / sum) : counts
}
