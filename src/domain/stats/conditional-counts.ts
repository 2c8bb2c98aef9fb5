import type { IntervalCounts } from './interval-counts.js'

/** The probabilities of first, first + 1, ... events in the canary, given the events of both arms. */
export interface ConditionalCounts {
  readonly first: number
  readonly probabilities: readonly number[]
}

/** Counts rarer than this part of the likeliest one are left out. */
const NEGLIGIBLE = 1e-18

/**
 * The canary's share of the events when its rate is `ratio` times the stable's, both arms Poisson: binomial with
 * probability ratio w / (ratio w + 1 - w), w = n_canary / (n_canary + n_stable).
 */
export function poissonCounts({ canary, stable }: IntervalCounts, ratio: number) {
  const events = canary.events + stable.events
  const odds = (ratio * canary.n) / stable.n
  const next = (x: number) => ((events - x) / (x + 1)) * odds
  return law({ least: 0, most: events, mode: Math.floor(((events + 1) * odds) / (1 + odds)), next })
}

/** The same for Bernoulli requests whose odds are `ratio` times the stable's: Fisher's non-central hypergeometric law. */
export function bernoulliCounts({ canary, stable }: IntervalCounts, ratio: number) {
  const events = canary.events + stable.events
  const least = Math.max(0, events - stable.n)
  const most = Math.min(events, canary.n)
  const next = (x: number) =>
    (((canary.n - x) * (events - x)) / ((x + 1) * (stable.n - events + x + 1))) * ratio
  // The ratio of neighbours falls: the mode is where it passes 1.
  let low = least
  let high = most
  while (low < high) {
    const middle = (low + high) >> 1
    if (next(middle) > 1) low = middle + 1
    else high = middle
  }
  return law({ least, most, mode: low, next })
}

interface Recursion {
  readonly least: number
  readonly most: number
  readonly mode: number
  /** P(x + 1) / P(x). */
  readonly next: (x: number) => number
}

function law({ least, most, mode, next }: Recursion): ConditionalCounts {
  const start = Math.min(Math.max(mode, least), most)
  const up: number[] = [1]
  for (let x = start; x < most; x++) {
    const mass = (up.at(-1) ?? 0) * next(x)
    if (!(mass > NEGLIGIBLE)) break
    up.push(mass)
  }
  const down: number[] = []
  for (let x = start; x > least; x--) {
    const mass = (down.at(-1) ?? 1) / next(x - 1)
    if (!(mass > NEGLIGIBLE)) break
    down.push(mass)
  }
  const masses = [...down.reverse(), ...up]
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  return { first: start - down.length, probabilities: masses.map((mass) => mass / total) }
}
