import { countUpTo } from './quantile.js'

/** A run of equal values among those of both samples together, from one rank up to before another. */
export interface TiedRun {
  readonly from: number
  readonly to: number
}

/** Of so many values every run counts; of more, those that are such a share of them, as without the others a p-value is little larger. */
const ALL_RUNS = 10_000
const LARGE_RUN = 1 / 200

/** From how many equal values on a run among so many values changes a p-value. */
export function smallestTie(values: number): number {
  return values <= ALL_RUNS ? 2 : Math.max(2, Math.ceil(values * LARGE_RUN))
}

/** The runs of equal values of two sorted samples that change a p-value, ascending. Where there are many values a few of them are looked at. */
export function tiedRuns(a: Float64Array, b: Float64Array): readonly TiedRun[] {
  const total = a.length + b.length
  const least = smallestTie(total)
  const values = total <= ALL_RUNS ? [...repeated(a), ...repeated(b), ...shared(a, b)] : []
  // A run that is such a share of both samples is as large a share of one of them.
  if (total > ALL_RUNS) values.push(...spaced(a, least / total), ...spaced(b, least / total))
  return [...Float64Array.from(new Set(values)).sort()]
    .map((value) => ({
      from: countBelow(a, value) + countBelow(b, value),
      to: countUpTo(a, value) + countUpTo(b, value),
    }))
    .filter(({ from, to }) => to - from >= least)
}

/** Values that are equal to the one before. */
function repeated(sorted: Float64Array): number[] {
  const found: number[] = []
  for (let i = 1; i < sorted.length; i++) {
    // Adding 0 makes 0 of -0.
    const value = (sorted[i] ?? 0) + 0
    if (value === sorted[i - 1] && value !== found[found.length - 1]) found.push(value)
  }
  return found
}

/** Values so near to each other that a run that is this share of them cannot lie between two. */
function spaced(sorted: Float64Array, share: number): number[] {
  const step = Math.max(1, Math.floor(sorted.length * share))
  const count = Math.ceil(sorted.length / step)
  return Array.from({ length: count }, (_, i) => (sorted[i * step] ?? 0) + 0)
}

/** Values that both samples have. */
function shared(a: Float64Array, b: Float64Array): number[] {
  const found: number[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const one = a[i] ?? 0
    const other = b[j] ?? 0
    if (one === other) found.push(one + 0)
    if (one <= other) i++
    if (other <= one) j++
  }
  return found
}

function countBelow(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
