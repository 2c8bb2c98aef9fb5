import { skipEqual } from './merge.js'

/** The largest difference between two distribution functions. */
export interface LargestGap {
  readonly statistic: number
  /** The statistic times n m, a whole number. */
  readonly steps: number
  /** The smallest value at which the difference is that large. */
  readonly location: number
}

/** What one pass over two sorted samples says of their distribution functions. */
export interface SortedComparison {
  readonly gap: LargestGap
  /** The area between them, in the values' own unit. */
  readonly area: number
}

/** Compares the distribution functions of two sorted finite samples. Either empty: undefined. */
export function compareSorted(a: Float64Array, b: Float64Array): SortedComparison | undefined {
  return a.length === 0 || b.length === 0 ? undefined : merge(a, b)
}

/**
 * One value at a time and without a branch that depends on which sample it is from: values come from either at random, and
 * a processor that guesses wrong loses more time than all else here takes. Within a run of equal values the area does
 * not grow, and the gap is looked at before the next value only. Gaps are counted in whole steps, so that rounding
 * cannot choose the place.
 */
function merge(a: Float64Array, b: Float64Array): SortedComparison {
  const n = a.length
  const m = b.length
  let i = 0
  let j = 0
  let area = 0
  let previous = smaller(a[0] ?? 0, b[0] ?? 0)
  let largest = 0
  let at = { i: 0, j: 0, location: previous }
  while (i < n && j < m) {
    const fromA = a[i] ?? 0
    const fromB = b[j] ?? 0
    const value = smaller(fromA, fromB)
    const steps = Math.abs(i * m - j * n)
    if (steps > largest && value !== previous) {
      largest = steps
      at = { i, j, location: previous }
    }
    area += Math.abs(i / n - j / m) * (value - previous)
    i += oneIf(fromA <= fromB)
    j += oneIf(fromB <= fromA)
    previous = value
  }
  area = addRest(a, { from: i, previous, area })
  area = addRest(b, { from: j, previous, area })
  const end = { i: skipEqual(a, i, previous), j: skipEqual(b, j, previous), location: previous }
  const last = Math.abs(end.i * m - end.j * n)
  const { i: ofA, j: ofB, location } = last > largest ? end : at
  const statistic = Math.abs(ofA / n - ofB / m)
  return { gap: { statistic, steps: Math.max(last, largest), location }, area }
}

function smaller(a: number, b: number): number {
  return a < b ? a : b
}

function oneIf(condition: boolean): number {
  return condition ? 1 : 0
}

interface Rest {
  readonly from: number
  readonly previous: number
  readonly area: number
}

/** The other sample's distribution function is 1 already. */
function addRest(sorted: Float64Array, rest: Rest): number {
  let { area, previous } = rest
  for (let i = rest.from; i < sorted.length; i++) {
    const value = sorted[i] ?? 0
    area += Math.abs(i / sorted.length - 1) * (value - previous)
    previous = value
  }
  return area
}
