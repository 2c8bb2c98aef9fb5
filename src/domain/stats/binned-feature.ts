import { sortOrder } from './sort-order.js'

/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost of a loop. */
const { floor } = Math
const { isNaN: isMissing } = Number

/** A feature as small whole numbers, one a row: what trees of histograms read. */
export interface BinnedFeature {
  /** 0 where missing. */
  readonly bins: Uint8Array
  /** One more than the largest bin. */
  readonly count: number
  /** Whether a larger bin means a larger value; categories have no order of their own. */
  readonly ordered: boolean
}

/** How many distinct values there are, or `most` where there are as many or more. */
function distinctUpTo(values: Float64Array, order: Uint32Array, most: number): number {
  let count = 0
  let previous = Number.NaN
  for (const place of order) {
    const value = values[place] ?? 0
    if (value !== previous) count++
    if (count === most) return most
    previous = value
  }
  return count
}

/** Numbers by their quantiles, or each by itself where there are few: equal values share a bin, 0 is for NaN, infinities are the ends. `most` is 2 to 256. */
export function quantileBins(values: Float64Array, most: number): BinnedFeature {
  const present: number[] = []
  for (let i = 0; i < values.length; i++) if (!isMissing(values[i])) present.push(i)
  const kept = Float64Array.from(present, (row) => values[row] ?? 0)
  const order = sortOrder(kept)
  const isFew = distinctUpTo(kept, order, most) < most
  const bins = new Uint8Array(values.length)
  let bin = 0
  let share = -1
  let previous = Number.NaN
  for (let rank = 0; rank < order.length; rank++) {
    const place = order[rank] ?? 0
    const value = kept[place] ?? 0
    const own = floor((rank * (most - 1)) / order.length)
    // A new bin begins with the first value that is not the one before, past the next quantile.
    if (value !== previous && (isFew || own > share)) {
      bin++
      share = own
    }
    previous = value
    bins[present[place] ?? 0] = bin
  }
  return { bins, count: bin + 1, ordered: true }
}

/**
 * Categories by how often they occur: 0 is for missing (-1), 1 for the rare ones (fewer than `fewest` rows, or beyond the `most - 2`
 * most frequent), then the most frequent first. `most` is 3 to 256.
 */
export function frequencyBins(
  codes: Int32Array,
  { most, fewest }: { readonly most: number; readonly fewest: number },
): BinnedFeature {
  const counts = new Map<number, number>()
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  counts.delete(-1)
  const frequent = [...counts]
    .filter(([, count]) => count >= fewest)
    .sort(([codeA, countA], [codeB, countB]) => countB - countA || codeA - codeB)
    .slice(0, most - 2)
  const binOf = new Map(frequent.map(([code], rank) => [code, rank + 2]))
  const bins = new Uint8Array(codes.length)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? -1
    bins[i] = code < 0 ? 0 : (binOf.get(code) ?? 1)
  }
  return { bins, count: frequent.length + 2, ordered: false }
}

/**
 * The same feature with its bins in the order of the share of positive labels among the rows given (drawn towards one half where
 * they are few): the split of categories that is best for one yes-or-no outcome is one of this order (Fisher 1958; Breiman et al. 1984).
 */
export function orderByLabel(
  feature: BinnedFeature,
  labels: Uint8Array,
  rows: Uint32Array,
): BinnedFeature {
  const ones = new Float64Array(feature.count)
  const totals = new Float64Array(feature.count)
  for (const row of rows) {
    const bin = feature.bins[row] ?? 0
    totals[bin] = (totals[bin] ?? 0) + 1
    ones[bin] = (ones[bin] ?? 0) + (labels[row] ?? 0)
  }
  const shares = totals.map((total, bin) => ((ones[bin] ?? 0) + 5) / (total + 10))
  const rankOf = new Uint8Array(feature.count)
  sortOrder(shares).forEach((bin, rank) => {
    rankOf[bin] = rank
  })
  return { bins: feature.bins.map((bin) => rankOf[bin] ?? 0), count: feature.count, ordered: true }
}
