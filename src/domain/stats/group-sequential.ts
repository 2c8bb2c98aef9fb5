import { signChange } from './find-root.js'
import type { IntervalCounts } from './interval-counts.js'
import { normalQuantile, normalSf } from './special/normal.js'

/** How much of alpha is spent by when (Lan and DeMets 1983, Biometrika 70:659). */
export type Spending = 'obrien-fleming' | 'pocock'

export interface PlannedLook {
  /** Share of the horizon that has passed, in (0, 1]: decides what may be spent. */
  readonly time: number
  /** Information so far, on any scale (the variance of the score): decides how the looks hang together. */
  readonly information: number
}

export interface GroupSequentialPlan {
  /** One-sided error rate over all looks together. */
  readonly alpha: number
  readonly spending: Spending
  readonly looks: readonly PlannedLook[]
}

/** Alpha that may be spent by `time`; one-sided. */
export function spentAlpha(alpha: number, spending: Spending, time: number): number {
  const t = Math.min(1, Math.max(0, time))
  if (t === 0) return 0
  if (spending === 'pocock') return alpha * Math.log(1 + (Math.E - 1) * t)
  return 2 * normalSf(normalQuantile(1 - alpha / 2) / Math.sqrt(t))
}

/**
 * Upper bounds for the z statistic at each look: crossing any of them has probability alpha under H0. By recursive
 * numerical integration of the density of the looks that have not crossed (Armitage, McPherson and Rowe 1969, JRSS A
 * 132:235; grid and Simpson weights of Jennison and Turnbull 2000, chapter 19). Times and information must increase. A look
 * at which nothing may be spent has the bound Infinity; no looks -> none.
 */
export function groupSequentialBounds(plan: GroupSequentialPlan): number[] {
  const bounds: number[] = []
  let last: GroupSequentialLook | undefined
  for (const look of plan.looks) {
    last = nextGroupSequentialLook(plan, look, last)
    bounds.push(last.bound ?? Number.POSITIVE_INFINITY)
  }
  return bounds
}

/** One look with its bound, and all that the next look has to know: plain numbers, as many after each look. */
export interface GroupSequentialLook extends PlannedLook {
  /** null: nothing may be spent, so nothing crosses. */
  readonly bound: number | null
  readonly spent: number
  /** Of the looks that have not crossed, at the points of the grid below the bound. */
  readonly masses: readonly number[]
}

/** The next look of a plan after `before`; throws RangeError where time or information does not increase. */
export function nextGroupSequentialLook(
  { alpha, spending }: Pick<GroupSequentialPlan, 'alpha' | 'spending'>,
  look: PlannedLook,
  before?: GroupSequentialLook,
): GroupSequentialLook {
  checkLook(alpha, look, before)
  const earlier = before && {
    information: before.information,
    points: grid(before.bound ?? Number.POSITIVE_INFINITY).points,
    masses: before.masses,
  }
  const spent = spentAlpha(alpha, spending, look.time)
  const bound = boundFor(earlier, look.information, spent - (before?.spent ?? 0))
  const { masses } = densityBelow(earlier, look.information, bound)
  return { ...look, bound: Number.isFinite(bound) ? bound : null, spent, masses }
}

function checkLook(alpha: number, look: PlannedLook, before: PlannedLook | undefined): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must lie inside (0, 1): ${alpha}`)
  const { time, information } = before ?? { time: 0, information: 0 }
  const later = look.time > time && look.information > information && look.time <= 1
  if (!later) throw new RangeError('times (up to 1) and information of looks must increase')
}

/** Weight x density of z at the points of a grid, for what has not crossed yet. */
interface Density {
  readonly information: number
  readonly points: readonly number[]
  readonly masses: readonly number[]
}

const LARGEST_Z = 38

function boundFor(before: Density | undefined, information: number, spend: number): number {
  if (!(spend > 1e-300)) return Number.POSITIVE_INFINITY
  if (before === undefined) return -normalQuantile(spend)
  return signChange((z) => crossing(before, information, z) > spend, -LARGEST_Z, LARGEST_Z)
}

/** P(not crossed before, z above the bound now). */
function crossing(before: Density, information: number, bound: number): number {
  const root = Math.sqrt(information)
  const rootBefore = Math.sqrt(before.information)
  const step = Math.sqrt(information - before.information)
  let sum = 0
  for (const [i, z] of before.points.entries()) {
    sum += (before.masses[i] ?? 0) * normalSf((bound * root - z * rootBefore) / step)
  }
  return sum
}

function densityBelow(before: Density | undefined, information: number, bound: number): Density {
  const { points, weights } = grid(bound)
  const root = Math.sqrt(information)
  const density = (z: number) => {
    if (before === undefined) return normalDensity(z)
    const rootBefore = Math.sqrt(before.information)
    const step = Math.sqrt(information - before.information)
    let sum = 0
    for (const [i, earlier] of before.points.entries()) {
      const deviation = (z * root - earlier * rootBefore) / step
      sum += (before.masses[i] ?? 0) * normalDensity(deviation)
    }
    return (sum * root) / step
  }
  return { information, points, masses: points.map((z, i) => (weights[i] ?? 0) * density(z)) }
}

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
}

/** Jennison and Turnbull's r: 6r - 1 knots, dense in the middle. */
const KNOTS = 24

function grid(bound: number): { readonly points: number[]; readonly weights: number[] } {
  const knots: number[] = []
  for (let i = 1; i < 6 * KNOTS; i++) {
    const knot = knotAt(i)
    if (knot < bound) knots.push(knot)
  }
  if (bound < knotAt(6 * KNOTS - 1)) knots.push(bound)
  const points: number[] = []
  const weights: number[] = []
  for (const [i, right] of knots.entries()) {
    const left = knots[i - 1]
    if (left !== undefined) {
      const width = (right - left) / 6
      weights.push((weights.pop() ?? 0) + width, 4 * width)
      points.push((left + right) / 2)
      weights.push(width)
    } else weights.push(0)
    points.push(right)
  }
  return { points, weights }
}

function knotAt(i: number): number {
  if (i < KNOTS) return -3 - 4 * Math.log(KNOTS / i)
  if (i > 5 * KNOTS) return 3 + 4 * Math.log(KNOTS / (6 * KNOTS - i))
  return -3 + (3 * (i - KNOTS)) / (2 * KNOTS)
}

/** Sums that a Cochran-Mantel-Haenszel test keeps: plain numbers, as many after a year as after a minute. */
export interface StratifiedScore {
  readonly score: number
  readonly variance: number
  /** Third central moment. */
  readonly skew: number
}

const NO_STRATUM: StratifiedScore = { score: 0, variance: 0, skew: 0 }

/**
 * Score, variance and third moment under H0 "the canary's rate is the stable's in each interval", one stratum an interval: those of the
 * hypergeometric law of the canary's events given all events (Mantel and Haenszel 1959), added to `before`. An interval with
 * an empty arm adds nothing.
 */
export function addStratum(
  { canary, stable }: IntervalCounts,
  before: StratifiedScore = NO_STRATUM,
): StratifiedScore {
  const n = canary.n + stable.n
  if (canary.n === 0 || stable.n === 0 || n < 2) return before
  const m = canary.events + stable.events
  const variance = (canary.n * stable.n * m * (n - m)) / (n * n * (n - 1))
  const lean = n > 2 ? ((stable.n - canary.n) * (n - 2 * m)) / (n * (n - 2)) : 0
  return {
    score: before.score + canary.events - (m * canary.n) / n,
    variance: before.variance + variance,
    skew: before.skew + variance * lean,
  }
}

/**
 * z of the score, corrected for its skewness (Cornish and Fisher 1938): with few events at a small canary the law leans to
 * the right, and the plain z would roll back too many good ones. 0 without any variance.
 */
export function stratifiedZ({ score, variance, skew }: StratifiedScore): number {
  if (!(variance > 0)) return 0
  const z = score / Math.sqrt(variance)
  return z - ((skew / variance ** 1.5) * (z * z - 1)) / 6
}
