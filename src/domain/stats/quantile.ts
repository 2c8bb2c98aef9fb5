/**
 * Quantile of sorted finite values by linear interpolation (type 7 of Hyndman & Fan 1996), with numpy's rounding:
 * it interpolates from the nearer neighbour. No values: undefined. `q` lies in [0, 1].
 */
export function quantileSorted(sorted: Float64Array, q: number): number | undefined {
  return quantileOfRanks({ count: sorted.length, valueAt: (rank) => sorted[rank] }, q)
}

/** Values in ascending order, asked by rank from 0; undefined beyond them. */
export interface Ranked {
  readonly count: number
  readonly valueAt: (rank: number) => number | undefined
}

/** `quantileSorted` of values that are not at hand in an array. */
export function quantileOfRanks(values: Ranked, q: number): number | undefined {
  return interpolateAt(values, (values.count - 1) * q)
}

function interpolateAt({ count, valueAt }: Ranked, position: number): number | undefined {
  const below = Math.floor(position)
  const low = valueAt(below)
  if (low === undefined) return undefined
  const high = valueAt(Math.min(below + 1, count - 1)) ?? low
  const part = position - below
  const step = high - low
  // Two of the largest doubles, of opposite sign, are further apart than a double can say.
  if (!Number.isFinite(step)) return low * (1 - part) + high * part
  return part >= 0.5 ? high - step * (1 - part) : low + step * part
}

/**
 * The reference's deciles without duplicates, ascending: the inner edges of the bins. A decile that falls on a value
 * is that value exactly (0.7 * 90 is not 63 in floating point, 90 * 7 / 10 is), so that ties land in one bin.
 * No values: no edges.
 */
export function decileEdges(sorted: Float64Array): Float64Array {
  return decileEdgesOfRanks({ count: sorted.length, valueAt: (rank) => sorted[rank] })
}

/** `decileEdges` of values that are not at hand in an array. */
export function decileEdgesOfRanks(values: Ranked): Float64Array {
  const edges = new Float64Array(9)
  let count = 0
  for (let tenth = 1; tenth <= 9; tenth++) {
    const edge = interpolateAt(values, ((values.count - 1) * tenth) / 10)
    if (edge === undefined) break
    if (count === 0 || edge > (edges[count - 1] ?? edge)) edges[count++] = edge
  }
  return edges.subarray(0, count)
}

/** Values at or below `limit` in a sorted array. */
export function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Values in (-inf, e0], (e0, e1], …, (ek, inf): one count more than there are inner edges. */
export function binCounts(sorted: Float64Array, innerEdges: Float64Array): Float64Array {
  const counts = new Float64Array(innerEdges.length + 1)
  let before = 0
  for (let bin = 0; bin < innerEdges.length; bin++) {
    const upTo = countUpTo(sorted, innerEdges[bin] ?? 0)
    counts[bin] = upTo - before
    before = upTo
  }
  counts[innerEdges.length] = sorted.length - before
  return counts
}
