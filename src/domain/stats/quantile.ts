/**
 * Quantile of sorted finite values by linear interpolation (type 7 of Hyndman & Fan 1996), with numpy's rounding:
 * it interpolates from the nearer neighbour. No values: undefined. `q` lies in [0, 1].
 */
export function quantileSorted(sorted: Float64Array, q: number): number | undefined {
  return interpolateAt(sorted, (sorted.length - 1) * q)
}

function interpolateAt(sorted: Float64Array, position: number): number | undefined {
  const below = Math.floor(position)
  const low = sorted[below]
  if (low === undefined) return undefined
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low
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
  const edges = new Float64Array(9)
  let count = 0
  for (let tenth = 1; tenth <= 9; tenth++) {
    const edge = interpolateAt(sorted, ((sorted.length - 1) * tenth) / 10)
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
