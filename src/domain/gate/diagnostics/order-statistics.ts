const BUCKETS = 1 << 12
/** Below this many values a sort is as fast. */
const SELECT_FROM = 8192
/** Values so far apart in scale that the buckets do not part them are sorted in the end. */
const DEEPEST = 3

/**
 * The values that a sort would put at these ranks (0 the smallest), without sorting them all: a counting pass finds
 * the buckets that hold the ranks, and only those are looked into. Values must be finite; an empty array gives NaN.
 */
export function orderStatistics(values: Float64Array, ranks: readonly number[]): number[] {
  return select(values, ranks, 0)
}

/** Smallest and largest value; of an empty array, infinities the wrong way round. NaN is passed over. */
export function extent(values: Float64Array): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high }
}

/** The finite values: the array itself where all are. */
export function finiteOf(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return values.filter((value) => Number.isFinite(value))
  }
  return values
}

function select(values: Float64Array, ranks: readonly number[], depth: number): number[] {
  if (values.length < SELECT_FROM || depth === DEEPEST) return bySorting(values, ranks)
  const { low, high } = extent(values)
  if (low === high) return ranks.map((rank) => values[rank] ?? Number.NaN)
  const scale = (BUCKETS - 1) / (high - low)
  // Further apart than a double can say, or closer.
  if (!(Number.isFinite(scale) && scale > 0)) return bySorting(values, ranks)
  const grid = { low, scale }
  const places = placesOf(countBuckets(values, grid), ranks)
  const found = new Map<number, number>()
  for (const { held, places: inside } of collect(values, grid, places)) {
    const within = inside.map((place) => place.within)
    select(held, within, depth + 1).forEach((value, i) => {
      found.set(inside[i]?.rank ?? -1, value)
    })
  }
  return ranks.map((rank) => found.get(rank) ?? Number.NaN)
}

function bySorting(values: Float64Array, ranks: readonly number[]): number[] {
  const sorted = values.slice().sort()
  return ranks.map((rank) => sorted[rank] ?? Number.NaN)
}

interface Grid {
  readonly low: number
  readonly scale: number
}

/** Never falling in the value, rounding included, so that buckets are in the order of their values. */
function bucketOf(value: number, { low, scale }: Grid): number {
  return ((value - low) * scale) | 0
}

function countBuckets(values: Float64Array, grid: Grid): Uint32Array {
  const counts = new Uint32Array(BUCKETS)
  for (let i = 0; i < values.length; i++) {
    const bucket = bucketOf(values[i] ?? 0, grid)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return counts
}

interface Place {
  readonly rank: number
  readonly bucket: number
  /** Values in the bucket. */
  readonly size: number
  /** The rank among them. */
  readonly within: number
}

function placesOf(counts: Uint32Array, ranks: readonly number[]): Place[] {
  return ranks.flatMap((rank) => {
    let before = 0
    for (let bucket = 0; bucket < counts.length; bucket++) {
      const size = counts[bucket] ?? 0
      if (rank < before + size) return [{ rank, bucket, size, within: rank - before }]
      before += size
    }
    return []
  })
}

interface Bucket {
  readonly held: Float64Array
  readonly places: Place[]
}

/** The buckets that hold a rank, filled in one pass. */
function collect(values: Float64Array, grid: Grid, places: readonly Place[]): Bucket[] {
  const slots = new Int16Array(BUCKETS).fill(-1)
  const buckets: Bucket[] = []
  for (const place of places) {
    const slot = slots[place.bucket] ?? -1
    if (slot >= 0) buckets[slot]?.places.push(place)
    else
      slots[place.bucket] =
        buckets.push({ held: new Float64Array(place.size), places: [place] }) - 1
  }
  const filled = new Uint32Array(buckets.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    const slot = slots[bucketOf(value, grid)] ?? -1
    const bucket = slot < 0 ? undefined : buckets[slot]
    if (bucket === undefined) continue
    const at = filled[slot] ?? 0
    bucket.held[at] = value
    filled[slot] = at + 1
  }
  return buckets
}
