import { countUpTo } from './quantile.js'

/** A run of equal values among those of both samples together, from one rank up to before another. */
export interface TiedRun {
  readonly from: number
  readonly to: number
}

/** Up to so many values every run is found; of more, those that are such a share of a sample. */
const ALL_RUNS = 10_000
const LARGE_RUN = 1 / 1000

/** The runs of two or more equal values of two sorted samples, ascending. Where there are many values a few of them are looked at. */
export function tiedRuns(a: Float64Array, b: Float64Array): readonly TiedRun[] {
  const isSmall = a.length + b.length <= ALL_RUNS
  const step = ({ length }: Float64Array) =>
    isSmall ? 1 : Math.max(1, Math.floor((length * LARGE_RUN) / 2))
  const values = new Set([...repeated(a, step(a)), ...repeated(b, step(b))])
  if (isSmall) for (const value of shared(a, b)) values.add(value)
  return [...Float64Array.from(values).sort()].map((value) => ({
    from: countBelow(a, value) + countBelow(b, value),
    to: countUpTo(a, value) + countUpTo(b, value),
  }))
}

/** Values that are equal to the one so many places before. */
function repeated(sorted: Float64Array, step: number): number[] {
  const found: number[] = []
  for (let i = step; i < sorted.length; i += step) {
    // Adding 0 makes 0 of -0.
    const value = (sorted[i] ?? 0) + 0
    if (value === sorted[i - step] && value !== found[found.length - 1]) found.push(value)
  }
  return found
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
