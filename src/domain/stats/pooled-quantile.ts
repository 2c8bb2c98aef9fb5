/**
 * Quantile of two sorted samples together by linear interpolation (type 7 of Hyndman & Fan 1996), without merging them. `q` lies
 * in [0, 1]. Both samples empty: NaN.
 */
export function pooledQuantile(a: Float64Array, b: Float64Array, q: number): number {
  const size = a.length + b.length
  if (size === 0) return Number.NaN
  const position = (size - 1) * q
  const below = Math.floor(position)
  const part = position - below
  const low = pooledAt(a, b, below)
  if (part === 0) return low
  const high = pooledAt(a, b, below + 1)
  return low * (1 - part) + high * part
}

/** The value at an index, counted from 0, of both samples merged: by halving over how many of them the first sample gives. */
function pooledAt(a: Float64Array, b: Float64Array, index: number): number {
  let low = Math.max(0, index - b.length)
  let high = Math.min(index, a.length)
  while (low < high) {
    const taken = (low + high) >>> 1
    const next = a[taken] ?? Number.POSITIVE_INFINITY
    const last = b[index - taken - 1] ?? Number.NEGATIVE_INFINITY
    if (next < last) low = taken + 1
    else high = taken
  }
  const fromA = a[low] ?? Number.POSITIVE_INFINITY
  const fromB = b[index - low] ?? Number.POSITIVE_INFINITY
  return Math.min(fromA, fromB)
}
