const BUCKETS = 1 << 16
/** Below this many values a sort is as fast. */
const SELECT_FROM = 8192

/**
 * The values that a sort would put at these ranks (0 the smallest), without sorting them all: a counting pass finds
 * the buckets that hold the ranks, and only those are sorted. Values must be finite; an empty array gives NaN.
 */
export function orderStatistics(values: Float64Array, ranks: readonly number[]): number[] {
  if (values.length < SELECT_FROM) return pickRanks(values.slice().sort(), ranks)
  const { low, high } = extent(values)
  const scale = (BUCKETS - 1) / (high - low)
  // All equal, or further apart than a double can say.
  if (!(Number.isFinite(scale) && scale > 0)) return pickRanks(values.slice().sort(), ranks)
  const bucketOf = (value: number): number => Math.floor((value - low) * scale)
  const counts = new Uint32Array(BUCKETS)
  for (let i = 0; i < values.length; i++) {
    const bucket = bucketOf(values[i] ?? 0)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  const places = ranks.map((rank) => placeOf(counts, rank))
  const wanted = new Set(places.map(({ bucket }) => bucket))
  const held = collect(values, { wanted, counts, bucketOf })
  return places.map(({ bucket, within }) => held.get(bucket)?.[within] ?? Number.NaN)
}

/** Smallest and largest value; of an empty array, infinities the wrong way round. */
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

function pickRanks(sorted: Float64Array, ranks: readonly number[]): number[] {
  return ranks.map((rank) => sorted[rank] ?? Number.NaN)
}

function placeOf(counts: Uint32Array, rank: number): { bucket: number; within: number } {
  let before = 0
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket] ?? 0
    if (rank < before + count) return { bucket, within: rank - before }
    before += count
  }
  return { bucket: -1, within: 0 }
}

interface Wanted {
  readonly wanted: ReadonlySet<number>
  readonly counts: Uint32Array
  readonly bucketOf: (value: number) => number
}

function collect(values: Float64Array, { wanted, counts, bucketOf }: Wanted) {
  const slots = new Int8Array(BUCKETS).fill(-1)
  const buckets = [...wanted].filter((bucket) => bucket >= 0)
  const held = buckets.map((bucket) => new Float64Array(counts[bucket] ?? 0))
  const filled = new Uint32Array(buckets.length)
  buckets.forEach((bucket, slot) => {
    slots[bucket] = slot
  })
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    const slot = slots[bucketOf(value)] ?? -1
    const into = held[slot]
    if (into === undefined) continue
    const place = filled[slot] ?? 0
    into[place] = value
    filled[slot] = place + 1
  }
  return new Map(buckets.map((bucket, slot) => [bucket, sorted(held[slot] ?? new Float64Array())]))
}

/** Many ties are the usual reason for a full bucket. */
function sorted(values: Float64Array): Float64Array {
  return values.every((value) => value === values[0]) ? values : values.sort()
}
