import type { Contrast } from './evidence.js'
import { type Comparator, comparatorOf, type GateRule, isRelative } from './policy.js'

/** A rule as a band: on which number, and between which ends it is good. One end is infinite but for equivalence. */
export interface Bound {
  readonly comparator: Comparator
  readonly of: Contrast
  readonly low: number
  readonly high: number
  /** The end itself is not good enough: "better" means more than equal. */
  readonly strict: boolean
}

export type Position = 'inside' | 'outside' | 'astride'

type Direction = 'higher' | 'lower'

/**
 * The band of a rule on a metric of that direction. A share of the baseline's value bounds the ratio candidate / baseline:
 * no worse by a share r is at least 1 - r where higher is better and at most 1 + r where lower is; better by r is 1 + r and 1 - r.
 */
export function boundOf(rule: GateRule, direction: Direction): Bound {
  const comparator = comparatorOf(rule)
  const of = contrastOf(rule, comparator)
  const open = { comparator, of, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  if (comparator === 'at-least') return { ...open, low: rule['at-least'] ?? 0, strict: false }
  if (comparator === 'at-most') return { ...open, high: rule['at-most'] ?? 0, strict: false }
  const { margin, by } = amountsOf(rule)
  const same = of === 'ratio' ? 1 : 0
  if (comparator === 'equivalent-to') {
    return { comparator, of, low: plus(same, -margin), high: plus(same, margin), strict: false }
  }
  const better = direction === 'higher' ? 1 : -1
  const boundary = comparator === 'better-than' ? better * by : -better * margin
  const end = plus(same, boundary)
  const strict = comparator === 'better-than' && by === 0
  return direction === 'higher' ? { ...open, low: end, strict } : { ...open, high: end, strict }
}

function contrastOf(rule: GateRule, comparator: Comparator): Contrast {
  if (comparator === 'at-least' || comparator === 'at-most') return 'candidate'
  return isRelative(rule) ? 'ratio' : 'difference'
}

function amountsOf(rule: GateRule): { readonly margin: number; readonly by: number } {
  return {
    margin: rule['relative-margin'] ?? rule.margin ?? 0,
    by: rule['relative-by'] ?? rule.by ?? 0,
  }
}

/** Never minus zero: it would be written as such. */
function plus(start: number, amount: number): number {
  return amount === 0 ? start : start + amount
}

/** What "no difference" is for what the bound is about; for a floor or ceiling the bound itself. */
export function neutralOf(bound: Bound): number {
  if (bound.of === 'difference') return 0
  return bound.of === 'ratio' ? 1 : (endsOf(bound)[0] ?? 0)
}

/** The finite ends. */
export function endsOf(bound: Bound): readonly number[] {
  return [bound.low, bound.high].filter(Number.isFinite)
}

/** The end that a value is nearer to. */
export function nearestEnd(bound: Bound, value: number): number {
  return Math.abs(value - bound.low) <= Math.abs(value - bound.high) ? bound.low : bound.high
}

/**
 * Where an interval lies. The end itself counts as inside, up to the rounding of a subtraction of numbers as large as
 * `size` (see `sizeOf`).
 */
export function positionOf(
  bound: Bound,
  { low, high }: { readonly low: number; readonly high: number },
  size = 1,
): Position {
  if (meets(bound, low, size) && meets(bound, high, size)) return 'inside'
  const below = !reaches(high - bound.low, bound, size)
  const above = !reaches(bound.high - low, bound, size)
  return below || above ? 'outside' : 'astride'
}

/** Whether one number keeps to the bound. */
export function meets(bound: Bound, value: number, size = 1): boolean {
  return reaches(value - bound.low, bound, size) && reaches(bound.high - value, bound, size)
}

/**
 * How large the numbers are that a bound is about, for what counts as rounding: an error of 1e-15 is nothing among shares, and
 * all there is among squared nanometres. 1 for shares and ratios, and for larger numbers.
 */
export function sizeOf(bound: Bound, range: readonly [number, number], values: Values): number {
  if (bound.of === 'ratio' || range.every(Number.isFinite)) return 1
  const { candidate = 0, baseline = 0 } = values
  return Math.min(1, Math.max(Math.abs(candidate), Math.abs(baseline)))
}

function reaches(beyond: number, bound: Bound, size: number): boolean {
  const tolerance = 1e-12 * Math.max(size, ...endsOf(bound).map(Math.abs))
  return bound.strict ? beyond > tolerance : beyond >= -tolerance
}

/** The estimate of what the bound is about; undefined where a value is missing or a ratio has no meaning. */
export function estimateOf(bound: Bound, values: Values): number | undefined {
  const { candidate, baseline, difference } = values
  if (bound.of === 'candidate') return candidate
  if (bound.of === 'difference') return difference
  if (candidate === undefined || baseline === undefined || !(baseline > 0)) return undefined
  return candidate / baseline
}

interface Values {
  readonly candidate: number | undefined
  readonly baseline: number | undefined
  readonly difference: number | undefined
}
