import { FEWEST_VALUES } from './policy.js'
import type { Sides } from './predicate.js'

/** What is known of whole numbers on one side. */
export interface WholeNumbers {
  readonly allDiffer: boolean
  /** Whether that is no chance: they count on, or independent draws would have met. */
  readonly areNumbered: boolean
  /** From the smallest to the largest; undefined where it is only about right that all differ. */
  readonly range?: number | undefined
}

/**
 * Whether whole numbers only tell rows apart: they do in both samples, of which a small one, or a smaller one of about the same numbers,
 * shows no more than that they differ.
 */
export function numberRows(
  values: Sides,
  { reference, current }: { readonly reference: WholeNumbers; readonly current: WholeNumbers },
): boolean {
  if (Math.max(values.reference, values.current) < FEWEST_VALUES) return false
  if (!reference.allDiffer || !current.allDiffer) return false
  const isOne = (side: keyof Sides) => {
    const own = side === 'reference' ? reference : current
    return own.areNumbered || values[side] < FEWEST_VALUES
  }
  if (isOne('reference') && isOne('current')) return true
  return values.reference >= values.current
    ? isAlike(reference, current)
    : isAlike(current, reference)
}

/** A sample over more than so many times the range is of something else. */
const WIDEST = 4

function isAlike(larger: WholeNumbers, smaller: WholeNumbers): boolean {
  if (larger.range === undefined || smaller.range === undefined) return false
  return larger.areNumbered && smaller.range <= larger.range * WIDEST
}

const MOST_GAPS = 4

/** Whether so many different whole numbers count on, rather than being drawn from a wide range. */
export function countsOn(range: number, count: number): boolean {
  return range < count * MOST_GAPS
}

/** Of draws of which so many pairs are expected to be equal, none is by chance in six of a million cases at most. */
const MEETINGS = 12

interface Numbers {
  /** Ascending; where they were summarised about as they were. */
  readonly sorted: Float64Array
  readonly count: number
  readonly allDiffer: boolean
  /** Each is known to differ from so many others. */
  readonly neighbours: number
}

/** What the values of one side say, all of them numbers. */
export function wholeNumbers({ sorted, count, allDiffer, neighbours }: Numbers): WholeNumbers {
  if (!allDiffer || !sorted.every(Number.isInteger)) return { allDiffer, areNumbered: false }
  const range = (sorted[sorted.length - 1] ?? 0) - (sorted[0] ?? 0)
  const compared = (count * Math.min(neighbours, count - 1)) / 2
  const areNumbered = countsOn(range, count) || wouldMeet(range, compared)
  return { allDiffer, areNumbered, range }
}

/**
 * Whether of so many pairs some would be equal were each number drawn by itself from the range: running numbers, of which others have the
 * rest, never are. Draws of any law meet more often than those of which all numbers are as likely.
 */
function wouldMeet(range: number, pairs: number): boolean {
  return pairs >= MEETINGS * (range + 1)
}
