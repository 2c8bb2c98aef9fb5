import type { DifferenceInterval } from './stratified-normal-mixture.js'

export interface BoundedMeanSequence {
  /** Takes the next value, inside [0, 1]. */
  update(value: number): void
  /** The mean so far with its confidence sequence; no values -> undefined. */
  interval(): DifferenceInterval | undefined
}

const BREAKS = 1000
/** A bet never stakes more than this part of what could be lost. */
const STAKE = 0.5

/**
 * Confidence sequence for the mean of values in [0, 1] by betting: the hedged capital process (Waudby-Smith and Ramdas
 * 2024, JRSS B 86:1, arXiv:2010.09686, theorem 3) with predictable plug-in bets. Whoever bets against the true mean does not
 * get rich: at level 1 - alpha it holds at all sizes at once, without assumptions on the law beyond the bounds, when the mean
 * of each value given those before is the same. The ends are rounded outwards to 1/1000. What it keeps does not grow.
 */
export function createBoundedMeanSequence(alpha: number): BoundedMeanSequence {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must lie inside (0, 1): ${alpha}`)
  const up = new Float64Array(BREAKS + 1)
  const down = new Float64Array(BREAKS + 1)
  let n = 0
  let sum = 0
  let squares = 0
  return {
    update(value) {
      if (!(value >= 0 && value <= 1)) throw new RangeError(`not inside [0, 1]: ${value}`)
      n += 1
      const variance = (0.25 + squares) / n
      const bet = Math.sqrt((2 * Math.log(2 / alpha)) / (n * Math.log(1 + n) * variance))
      addCapital({ up, down }, value, bet)
      sum += value
      squares += (value - Math.min((0.5 + sum) / (n + 1), 1)) ** 2
    },
    interval: () => (n === 0 ? undefined : { estimate: sum / n, ...kept(up, down, alpha) }),
  }
}

interface Capital {
  readonly up: Float64Array
  readonly down: Float64Array
}

function addCapital({ up, down }: Capital, value: number, bet: number): void {
  for (let k = 0; k <= BREAKS; k++) {
    const m = k / BREAKS
    up[k] = (up[k] ?? 0) + Math.log1p(Math.min(bet, STAKE / m) * (value - m))
    down[k] = (down[k] ?? 0) + Math.log1p(-Math.min(bet, STAKE / (1 - m)) * (value - m))
  }
}

function kept(up: Float64Array, down: Float64Array, alpha: number) {
  const cut = Math.log(2 / alpha)
  const holds = (k: number) => Math.max(up[k] ?? 0, down[k] ?? 0) <= cut
  let first = 0
  while (first <= BREAKS && !holds(first)) first += 1
  if (first > BREAKS) return { low: 0, high: 1 }
  let last = BREAKS
  while (!holds(last)) last -= 1
  return { low: Math.max(0, first - 1) / BREAKS, high: Math.min(BREAKS, last + 1) / BREAKS }
}
