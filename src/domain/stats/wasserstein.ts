import { compareSorted } from './compare-sorted.js'
import { frameOf, spreadOf } from './spread.js'

/**
 * First-order Wasserstein (earth mover's) distance between two sorted samples: the area between their
 * distribution functions, exact, in the column's own unit. Either sample empty: undefined.
 */
export function wassersteinDistance(a: Float64Array, b: Float64Array): number | undefined {
  return compareSorted(a, b)?.area
}

/**
 * The Wasserstein distance in standard deviations of the reference (divisor n, as numpy.std). A constant
 * reference has none: there the standard deviation of both samples together is used, so that the answer is 0 for equal
 * constants and finite otherwise. Either sample empty, or a spread that no double can hold: undefined.
 */
export function normalisedWasserstein(
  reference: Float64Array,
  current: Float64Array,
): number | undefined {
  return normalised({ reference, current }, wassersteinDistance(reference, current), () =>
    deviationOf(reference),
  )
}

/** The same where the distance is known, and maybe the deviation of the reference. */
export function normalised(
  { reference, current }: { readonly reference: Float64Array; readonly current: Float64Array },
  distance: number | undefined,
  deviation: () => number,
): number | undefined {
  if (distance === undefined || distance === 0) return distance
  const spread = isConstant(reference) ? pooledDeviation(reference, current) : deviation()
  // Divided by infinity the farthest move would be none.
  return Number.isFinite(spread) ? distance / spread : undefined
}

function isConstant(sorted: Float64Array): boolean {
  return sorted[0] === sorted[sorted.length - 1]
}

/** Population standard deviation of sorted values, wherever they lie and however large they are. */
export function deviationOf(values: Float64Array): number {
  const frame = frameOf(values)
  const { squares } = spreadOf(values, frame)
  return Math.sqrt(squares / values.length) / frame.scale
}

function pooledDeviation(a: Float64Array, b: Float64Array): number {
  const frame = frameOf(a, b)
  const [one, other] = [spreadOf(a, frame), spreadOf(b, frame)]
  const count = one.count + other.count
  const apart = (one.mean - other.mean) ** 2 * (one.count / count) * (other.count / count)
  return Math.sqrt((one.squares + other.squares) / count + apart) / frame.scale
}
