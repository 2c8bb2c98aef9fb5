import type { NumericSummary } from './summary.js'

/** With at most so many distinct values, all of them are kept with their counts. */
const MOST_EXACT = 10_000
/** A bucket holds at most this share of the values, unless they are all equal. */
const LARGEST = 1 / 8000
/** So many distinct values at each end have a bucket of their own, since tails are wide. */
const TAIL = 100

/**
 * The same in a bounded number of buckets: about 8,200, and never more than twice as many. A value that is as frequent as a bucket
 * keeps one of its own, as do the outermost; other buckets have the same size as far as ties allow, and keep their mean. So no rank is
 * off by more than the largest bucket of unlike values, at most one in 8,000, which is added to the error of ranks.
 */
export function inBuckets(summary: NumericSummary): NumericSummary {
  if (summary.places !== undefined || summary.ends.length <= MOST_EXACT) return summary
  const { ends, counts } = summary
  const total = counts.reduce((sum, count) => sum + count, 0)
  const made = newBuckets()
  let sum = 0
  let held = 0
  const close = (end: number) => {
    if (held > 0) push(made, { end, count: held, mean: sum })
    sum = 0
    held = 0
  }
  for (let i = 0; i < ends.length; i++) {
    const value = ends[i] ?? 0
    const count = counts[i] ?? 0
    const isTail = i < TAIL || i >= ends.length - TAIL
    if (isTail || held + count > total * LARGEST) close(ends[i - 1] ?? value)
    // A running mean, since the sum of the largest doubles has no number.
    held += count
    sum += (value - sum) * (count / held)
    if (isTail) close(value)
  }
  close(ends[ends.length - 1] ?? 0)
  const largest = made.spread / total
  return {
    ...summary,
    ends: Float64Array.from(made.ends),
    counts: Float64Array.from(made.counts),
    places: Float64Array.from(made.places),
    rankError: Math.min(1, summary.rankError + largest),
  }
}

interface Buckets {
  readonly ends: number[]
  readonly counts: number[]
  readonly places: number[]
  /** Values in the largest bucket of unlike values. */
  spread: number
}

function newBuckets(): Buckets {
  return { ends: [], counts: [], places: [], spread: 0 }
}

function push(
  buckets: Buckets,
  { end, count, mean }: { readonly end: number; readonly count: number; readonly mean: number },
): void {
  const low = buckets.ends[buckets.ends.length - 1] ?? end
  const place = mean >= end ? 1 : (mean - low) / (end - low)
  // Three digits: the rest is under the noise of any sample.
  const rounded = Number.isFinite(place) ? Math.min(0.999, Math.max(0, place)) : 0.5
  buckets.ends.push(end)
  buckets.counts.push(count)
  buckets.places.push(place === 1 ? 1 : Math.round(rounded * 1000) / 1000)
  if (place !== 1) buckets.spread = Math.max(buckets.spread, count)
}
