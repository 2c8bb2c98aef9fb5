import { normalQuantile } from '../stats/special/normal.js'
import { type Bound, endsOf, meets, nearestEnd } from './bound.js'
import type { CheckInterval } from './verdict.js'

/** Power that the answer aims at. */
const POWER = 0.8
/** Beyond this nobody labels examples: the estimate practically is the bound. */
const MOST = 1e8
/** Nor does anybody find so many times as many as there are. */
const MOST_TIMES = 1000

export interface Unsettled {
  readonly n: number
  readonly estimate: number
  readonly interval: CheckInterval
  readonly bound: Bound
  /** The variances of a score interval, where the metric has one: it narrows in another way than by its width. */
  readonly variancesAt?: ((end: number) => ScoreVariances) | undefined
}

/** Of one example's contribution. */
export interface ScoreVariances {
  /** If the truth were at the bound. */
  readonly atBound: number
  /** If it is as estimated. */
  readonly atEstimate: number
}

/**
 * About how many examples would put the interval on one side of the bound with 80% power, if the estimate stayed as it is:
 * n (z + z_power)^2 / z^2 (half-width / distance)^2, the half-width on the bound's side; for score intervals of proportions
 * ((z s_bound + z_power s_estimate) / distance)^2 (Nam 1997 for pairs). Undefined when the estimate is
 * so near the bound that no realistic number would.
 */
export function neededExamples(unsettled: Unsettled): number | undefined {
  const { estimate, bound } = unsettled
  // Inside a band both ends must be left behind; outside only the nearer one.
  const ends = meets(bound, estimate) ? endsOf(bound) : [nearestEnd(bound, estimate)]
  const needed = Math.max(...ends.map((end) => neededFor(unsettled, end)))
  if (!(needed <= Math.min(MOST, MOST_TIMES * unsettled.n))) return undefined
  return Math.max(unsettled.n + 1, roundUp(needed))
}

function neededFor(unsettled: Unsettled, end: number): number {
  const { n, estimate, interval } = unsettled
  const distance = Math.abs(estimate - end)
  const z = -normalQuantile((1 - interval.level) / 2)
  const variances = unsettled.variancesAt?.(end)
  if (variances !== undefined) {
    const { atBound, atEstimate } = variances
    return (
      ((z * Math.sqrt(atBound) + normalQuantile(POWER) * Math.sqrt(atEstimate)) / distance) ** 2
    )
  }
  const halfWidth = estimate > end ? estimate - interval.low : interval.high - estimate
  return n * ((z + normalQuantile(POWER)) / z) ** 2 * (halfWidth / distance) ** 2
}

/** Two significant digits, upwards: it is a rough number and should look like one. */
function roundUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.ceil(value / unit) * unit
}
