/** What a comparison is to show of the true difference, candidate minus baseline, where higher is better. */
export type Goal = 'superiority' | 'non-inferiority' | 'equivalence'

/** How sure the answer shall be. */
export interface Certainty {
  /** Two-sided confidence of the interval that decides: 0.95 rejects at 2.5 % on either side. */
  readonly level: number
  /** The probability of showing what is true, such as 0.8. */
  readonly power: number
}

export interface ComparisonPlan extends Certainty {
  readonly goal: Goal
  /**
   * >= 0: superiority by more than this, not worse by this or more, or equivalent within plus and minus this (> 0 for the
   * last).
   */
  readonly margin: number
}

/** An answer, with everything it was computed from. */
export interface RequiredN<Assumptions> {
  /** Examples, all classes together; at a comparison on the same examples, not twice that. */
  readonly n: number
  /** The power that n examples have. */
  readonly power: number
  readonly assumptions: Assumptions
}

/** The true difference must be shown to lie between these. */
export interface Region {
  readonly lower: number
  readonly upper: number
}

/** What the interval of the difference must lie inside of. */
export function regionOf({ goal, margin }: Pick<ComparisonPlan, 'goal' | 'margin'>): Region {
  if (goal === 'equivalence') return { lower: -margin, upper: margin }
  return { lower: goal === 'superiority' ? margin : -margin, upper: Number.POSITIVE_INFINITY }
}

/** Whether a level and a power are probabilities strictly inside (0, 1). */
export function isCertainty({ level, power }: Certainty): boolean {
  return level > 0 && level < 1 && power > 0 && power < 1
}

/** Whether a margin can be, and the true difference is inside of what is to be shown. */
export function isShowable(plan: ComparisonPlan, difference: number): boolean {
  const { lower, upper } = regionOf(plan)
  return isCertainty(plan) && plan.margin >= 0 && difference > lower && difference < upper
}

/** Nobody labels more examples than this. */
const MOST = 1e9

/**
 * The smallest number of examples, from `from` on, with the power asked for, by doubling and bisection. Where power climbs in
 * a saw-tooth (counts) it is one of the first such numbers. None up to a thousand million -> undefined.
 */
export function smallestN(
  powerAt: (n: number) => number,
  target: number,
  from: number,
): { readonly n: number; readonly power: number } | undefined {
  let low = from - 1
  let high = from
  while (!(powerAt(high) >= target)) {
    if (high >= MOST) return undefined
    low = high
    high = Math.min(MOST, 2 * high)
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (powerAt(middle) >= target) high = middle
    else low = middle
  }
  return { n: high, power: powerAt(high) }
}
