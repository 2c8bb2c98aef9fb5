import type { ColumnSample } from '../samples.js'
import type { ColumnSummary, NumericSummary } from './summary.js'

/** So many values say what a column is like to three in ten million. */
const MOST_VALUES = 1 << 22

/**
 * A summary as a sample that can be compared: each bucket's values spread over it so that their mean is kept, each value as often as it
 * occurred. Of more than `most` values evenly spaced ranks are taken, which the error of ranks says.
 */
export function expandSummary(summary: ColumnSummary, most = MOST_VALUES): ColumnSample {
  if (summary.kind === 'categorical') {
    const { isSample: _, ...sample } = summary
    return sample
  }
  const { ends, counts, places: _p, mean: _m, deviation: _d, ...facts } = summary
  const { rows, missing, infinities } = facts
  // A profile keeps no times.
  const count = ends.length === 0 ? 0 : rows - missing - infinities
  const size = Math.min(count, most)
  const thinned = size < count ? 1 / size : 0
  return {
    ...facts,
    counted: isCounted(summary) ? { values: ends, counts } : undefined,
    sorted: spread(summary, { count, size }),
    rankError: Math.min(1, summary.rankError + thinned),
  }
}

function isCounted({ places, rankError }: NumericSummary): boolean {
  return places === undefined && rankError === 0
}

interface Sizes {
  readonly count: number
  readonly size: number
}

/** The values at `size` evenly spaced ranks of the `count` values; those of all ranks where the two are equal. */
function spread(summary: NumericSummary, { count, size }: Sizes): Float64Array {
  const { ends, counts, places } = summary
  const sorted = new Float64Array(size)
  const step = count / Math.max(1, size)
  let before = 0
  let at = 0
  for (let bucket = 0; bucket < ends.length; bucket++) {
    const held = counts[bucket] ?? 0
    const high = ends[bucket] ?? 0
    const place = places?.[bucket] ?? 1
    const valueAt = place >= 1 ? () => high : curve(summary, bucket, place)
    for (; at < size && (at + 0.5) * step < before + held; at++) {
      sorted[at] = valueAt(((at + 0.5) * step - before) / held)
    }
    before += held
  }
  return sorted
}

/** A power of the share, whose mean over the bucket is at `place`. */
function curve(
  { ends, type }: NumericSummary,
  bucket: number,
  place: number,
): (share: number) => number {
  const high = ends[bucket] ?? 0
  const low = ends[bucket - 1] ?? high
  const power = 1 / Math.max(place, SMALLEST_PLACE) - 1
  const between = (share: number) => {
    const part = share ** power
    return low * (1 - part) + high * part
  }
  if (type === 'number') return between
  return (share) => Math.min(high, Math.max(Math.floor(low) + 1, Math.round(between(share))))
}

const SMALLEST_PLACE = 5e-4
