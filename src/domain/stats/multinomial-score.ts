import { normalMultiplier } from './special/normal.js'

/** A statistic of the shares of cells, which add up to 1. Where it does not exist: NaN. */
export type ShareStatistic = (shares: Float64Array) => number

export interface MultinomialScoreInput {
  /** Examples in each cell, with a place for each cell that the hypothesis may put examples into. */
  readonly counts: ArrayLike<number>
  readonly statistic: ShareStatistic
}

/** Weight of all cells together beside the examples', so that an empty cell can be given a share under the hypothesis. */
const PRIOR = 1e-3
const STEP = 1e-5
const MOST_STEPS = 60
const SETTLED = 1e-9

interface Influences {
  readonly value: number
  readonly mean: number
  readonly variance: number
}

/** The influence of each cell's examples on the statistic, by one-sided differences; and their mean and variance. */
function influencesAt(
  shares: Float64Array,
  statistic: ShareStatistic,
  work: { readonly influence: Float64Array; readonly moved: Float64Array },
): Influences {
  const { influence, moved } = work
  const value = statistic(shares)
  for (let cell = 0; cell < shares.length; cell++) moved[cell] = (shares[cell] ?? 0) * (1 - STEP)
  let mean = 0
  let squares = 0
  for (let cell = 0; cell < shares.length; cell++) {
    const kept = moved[cell] ?? 0
    moved[cell] = kept + STEP
    const one = (statistic(moved) - value) / STEP
    moved[cell] = kept
    influence[cell] = one
    mean += (shares[cell] ?? 0) * one
    squares += (shares[cell] ?? 0) * one * one
  }
  return { value, mean, variance: Math.max(0, squares - mean * mean) }
}

/** Owen's multiplier: the root of sum p w / (1 + x w), which falls in x. Undefined where all w have one sign. */
function multiplierOf(shares: Float64Array, w: Float64Array): number | undefined {
  let most = 0
  let least = 0
  for (const one of w) {
    if (one > most) most = one
    if (one < least) least = one
  }
  if (!(most > 0 && least < 0)) return undefined
  let low = -1 / most
  let high = -1 / least
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    let sum = 0
    for (let cell = 0; cell < w.length; cell++) {
      const one = w[cell] ?? 0
      sum += ((shares[cell] ?? 0) * one) / (1 + middle * one)
    }
    if (sum > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

interface Restricted {
  readonly variance: number
}

/**
 * The likeliest shares among those where the statistic is `boundary`: the likelihood's maximum under the linearised hypothesis,
 * linearised again where it falls until it stays. Undefined where no shares of these cells get there.
 */
function restrictTo(base: Float64Array, statistic: ShareStatistic, boundary: number) {
  const cells = base.length
  const work = { influence: new Float64Array(cells), moved: new Float64Array(cells) }
  const shares = base.slice()
  const w = new Float64Array(cells)
  for (let step = 0; step < MOST_STEPS; step++) {
    const { value, mean } = influencesAt(shares, statistic, work)
    for (let cell = 0; cell < cells; cell++) {
      w[cell] = (work.influence[cell] ?? 0) - mean - (boundary - value)
    }
    const multiplier = multiplierOf(base, w)
    if (multiplier === undefined) return undefined
    // Full steps at first; smaller ones damp what may swing.
    if (moveTo({ shares, base, w, multiplier, step: step < 5 ? 1 : 0.6 }) < SETTLED) break
  }
  const found: Restricted = influencesAt(shares, statistic, work)
  return found
}

/** Moves the shares towards p / (1 + x w) and says how far. */
function moveTo(move: {
  readonly shares: Float64Array
  readonly base: Float64Array
  readonly w: Float64Array
  readonly multiplier: number
  readonly step: number
}): number {
  const { shares, base, w, multiplier, step } = move
  const target = base.map((share, cell) => share / (1 + multiplier * (w[cell] ?? 0)))
  let sum = 0
  for (const share of target) sum += share
  let moved = 0
  for (let cell = 0; cell < shares.length; cell++) {
    const old = shares[cell] ?? 0
    const change = ((target[cell] ?? 0) / sum - old) * step
    shares[cell] = old + change
    moved += Math.abs(change)
  }
  return moved
}

/**
 * The score statistic of the hypothesis that a smooth function of multinomial shares is `boundary`: the estimate's deviation in
 * the standard errors that hold at the likeliest shares under the hypothesis. For a share it is the statistic of
 * Wilson's interval, for a difference of paired shares that of Tango's (1998), whose size holds with few discordant examples
 * where a bootstrap's does not; here for F1, MCC and their kin. Restricted maximum by Owen's empirical likelihood (2001).
 * Infinite where no shares of the cells fulfil the hypothesis. No examples -> 0.
 */
export function multinomialScore(input: MultinomialScoreInput): (boundary: number) => number {
  const counts = Float64Array.from(input.counts)
  let n = 0
  for (const count of counts) n += count
  const estimate = input.statistic(counts.map((count) => count / n))
  const base = counts.map((count) => (count + PRIOR / counts.length) / (n + PRIOR))
  return (boundary) => {
    const deviation = estimate - boundary
    if (!(n > 0) || deviation === 0) return 0
    const restricted = restrictTo(base, input.statistic, boundary)
    const standardError = Math.sqrt((restricted?.variance ?? 0) / n)
    // Not a number where the statistic does not exist under the hypothesis: no evidence against it.
    return Number.isNaN(standardError) ? 0 : deviation / standardError
  }
}

export interface ScoreEnds {
  readonly estimate: number
  readonly level: number
  readonly limits: readonly [number, number]
  /** About a standard error: the ends are looked for in steps of it. */
  readonly scale: number
}

/** The farthest boundaries around the estimate that the score does not reject at the level, between limits. */
export function scoreEnds(
  score: (boundary: number) => number,
  { estimate, level, limits, scale }: ScoreEnds,
): { readonly low: number; readonly high: number } {
  const z = normalMultiplier(level)
  const [least, most] = limits
  const low = { from: estimate, step: -scale, limit: least }
  const high = { from: estimate, step: scale, limit: most }
  return {
    low: farthest((boundary) => score(boundary) <= z, low),
    high: farthest((boundary) => score(boundary) >= -z, high),
  }
}

const DOUBLINGS = 60
const HALVINGS = 24

/** The last point that holds on the way to the limit, by steps that double and then halve. */
function farthest(
  holds: (x: number) => boolean,
  way: { readonly from: number; readonly step: number; readonly limit: number },
): number {
  const { limit, step } = way
  const within = (x: number) => (step < 0 ? Math.max(limit, x) : Math.min(limit, x))
  let near = way.from
  let far = within(near + 2 * step)
  for (let i = 0; i < DOUBLINGS && far !== limit && holds(far); i++) {
    near = far
    far = within(way.from + step * 2 ** (i + 2))
  }
  for (let i = 0; i < HALVINGS; i++) {
    const middle = near + (far - near) / 2
    if (holds(middle)) near = middle
    else far = middle
  }
  return near
}
