import { orderStatistics } from '../gate/diagnostics/order-statistics.js'

export type RobustScaleMethod = 'mad' | 'iqr' | 'mean-absolute-deviation' | 'constant'

/** Where values lie and how far they spread, in a way that outliers do not move. */
export interface RobustScale {
  /** The median. */
  readonly centre: number
  /** In units of a standard deviation of normal values; 0 where all values are equal. */
  readonly spread: number
  readonly method: RobustScaleMethod
}

/** What makes each spread a standard deviation where values are normal. */
const MAD_FACTOR = 1.482602218505602
const IQR_FACTOR = 0.741301109252801
const MEAN_FACTOR = 1.2533141373155001

/**
 * The median and the median absolute deviation of finite values, in any order (Hampel 1974; Iglewicz & Hoaglin 1993).
 * Where more than half of the values are equal the deviation's median is 0: then the interquartile range stands in
 * for it, and where that is 0 too the mean absolute deviation about the median. No values: undefined.
 */
export function robustScale(values: Float64Array): RobustScale | undefined {
  const centre = medianOf(values)
  if (centre === undefined) return undefined
  const distances = distancesFrom(values, centre)
  const deviation = medianOf(distances) ?? 0
  if (deviation > 0) return { centre, spread: MAD_FACTOR * deviation, method: 'mad' }
  const range = quartileRange(values)
  if (range > 0) return { centre, spread: IQR_FACTOR * range, method: 'iqr' }
  const mean = meanOf(distances)
  if (mean > 0) return { centre, spread: MEAN_FACTOR * mean, method: 'mean-absolute-deviation' }
  return { centre, spread: 0, method: 'constant' }
}

/** The median of finite values in any order: of an even number the middle of the two. No values: undefined. */
export function medianOf(values: Float64Array): number | undefined {
  if (values.length === 0) return undefined
  const upper = values.length >>> 1
  const lower = (values.length - 1) >>> 1
  const [low = 0, high = low] = orderStatistics(values, [lower, upper])
  // Halved first: the sum of the two largest doubles is larger than those.
  return low === high ? low : low / 2 + high / 2
}

/** How many robust standard deviations a value is from the centre: of a constant anything else is infinitely far. */
export function robustZ(value: number, { centre, spread }: RobustScale): number {
  if (value === centre) return 0
  return (value - centre) / spread
}

function quartileRange(values: Float64Array): number {
  const last = values.length - 1
  const [low = 0, high = 0] = orderStatistics(values, [
    Math.floor(last / 4),
    last - Math.floor(last / 4),
  ])
  return high - low
}

/** A loop: `map` of a typed array takes four times as long. */
function distancesFrom(values: Float64Array, centre: number): Float64Array {
  const distances = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) distances[i] = Math.abs((values[i] ?? 0) - centre)
  return distances
}

/** Divided before they are summed: the sum of the largest doubles is larger than those. */
function meanOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? 0) / values.length
  return sum
}
