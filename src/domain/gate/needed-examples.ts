import { normalQuantile } from '../stats/special/normal.js'
import { type Bound, endsOf, meets, nearestEnd } from './bound.js'
import type { CheckInterval } from './verdict.js'

/** Power that the answer aims at. */
const POWER = 0.8
/** Beyond this nobody labels examples: the estimate practically is the bound. */
const MOST = 1e8

export interface Unsettled {
  readonly n: number
  readonly estimate: number
  readonly interval: CheckInterval
  readonly bound: Bound
}

/**
 * About how many examples would put the interval on one side of the bound with 80% power, if the estimate stayed as it is:
 * n (z + z_power)^2 / z^2 (half-width / distance)^2, the half-width on the bound's side. Undefined when the estimate is
 * so near the bound that no realistic number would.
 */
export function neededExamples(unsettled: Unsettled): number | undefined {
  const { estimate, bound } = unsettled
  // Inside a band both ends must be left behind; outside only the nearer one.
  const ends = meets(bound, estimate) ? endsOf(bound) : [nearestEnd(bound, estimate)]
  const needed = Math.max(...ends.map((end) => neededFor(unsettled, end)))
  if (!(needed <= MOST)) return undefined
  return Math.max(unsettled.n + 1, roundUp(needed))
}

function neededFor({ n, estimate, interval }: Unsettled, end: number): number {
  const distance = Math.abs(estimate - end)
  const halfWidth = estimate > end ? estimate - interval.low : interval.high - estimate
  const z = -normalQuantile((1 - interval.level) / 2)
  return n * ((z + normalQuantile(POWER)) / z) ** 2 * (halfWidth / distance) ** 2
}

/** Two significant digits, upwards: it is a rough number and should look like one. */
function roundUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.ceil(value / unit) * unit
}
