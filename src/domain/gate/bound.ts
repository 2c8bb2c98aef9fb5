import { type Comparator, comparatorOf, type GateRule } from './policy.js'

/** A rule as a bound: on which number, where it lies, and which side of it is good. */
export interface Bound {
  readonly comparator: Comparator
  readonly of: 'difference' | 'candidate'
  readonly boundary: number
  readonly good: 'above' | 'below'
  /** The bound itself is not good enough: "better" means more than equal. */
  readonly strict: boolean
}

export type Position = 'inside' | 'outside' | 'astride'

/** The bound of a rule on a metric of that direction. */
export function boundOf(rule: GateRule, direction: 'higher' | 'lower'): Bound {
  const comparator = comparatorOf(rule)
  const better = direction === 'higher' ? 'above' : 'below'
  const sign = direction === 'higher' ? 1 : -1
  switch (comparator) {
    case 'at-least':
      return floorOf(comparator, rule['at-least'] ?? 0, 'above')
    case 'at-most':
      return floorOf(comparator, rule['at-most'] ?? 0, 'below')
    case 'no-worse-than': {
      const boundary = signed(-sign, rule.margin ?? 0)
      return { comparator, of: 'difference', boundary, good: better, strict: false }
    }
    case 'better-than': {
      const by = rule.by ?? 0
      const boundary = signed(sign, by)
      return { comparator, of: 'difference', boundary, good: better, strict: by === 0 }
    }
  }
}

function floorOf(comparator: Comparator, boundary: number, good: 'above' | 'below'): Bound {
  return { comparator, of: 'candidate', boundary, good, strict: false }
}

/** Never minus zero: it would be written as such. */
function signed(sign: number, value: number): number {
  return value === 0 ? 0 : sign * value
}

/** Where an interval lies. The bound itself counts as inside, up to the rounding of a subtraction. */
export function positionOf(bound: Bound, low: number, high: number): Position {
  const worst = bound.good === 'above' ? low : high
  const best = bound.good === 'above' ? high : low
  if (meets(bound, worst)) return 'inside'
  return meets(bound, best) ? 'astride' : 'outside'
}

/** Whether one number keeps to the bound. */
export function meets(bound: Bound, value: number): boolean {
  const tolerance = 1e-12 * Math.max(1, Math.abs(bound.boundary))
  const beyond = bound.good === 'above' ? value - bound.boundary : bound.boundary - value
  return bound.strict ? beyond > tolerance : beyond >= -tolerance
}
