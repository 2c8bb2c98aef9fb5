import { normalCdf, normalMultiplier } from './special/normal.js'
import { studentTCdf, studentTQuantile } from './special/student-t.js'

export interface EquivalenceTest {
  /** One-sided, of "at or below the lower margin". */
  readonly lowerP: number
  /** One-sided, of "at or above the upper margin". */
  readonly upperP: number
  /** The larger of the two. */
  readonly pValue: number
  /** Whether the two-sided interval at `level`, which is [low, high], lies strictly inside the margins. */
  readonly equivalent: boolean
  readonly low: number
  readonly high: number
}

/**
 * The p-value of two one-sided tests (Schuirmann 1987, J. Pharmacokin. Biopharm. 15:657-680; Berger 1982): equivalence is
 * shown when both reject, so the larger one counts. For any test with one-sided p-values: `above` at the lower margin and
 * `below` at the upper one.
 */
export function equivalencePValue(aboveLower: number, belowUpper: number): number {
  return Math.max(aboveLower, belowUpper)
}

function standardised(deviation: number, standardError: number): number {
  return deviation === 0 ? 0 : deviation / standardError
}

/**
 * Two one-sided t tests (normal ones without degrees of freedom) that an estimate lies between two margins, lower < upper
 * (Schuirmann 1987). With `level` the two-sided confidence, each test has level (1 - level) / 2: 0.9 for tests at 5 %.
 * A standard error of 0 is certainty. A number that is not finite, a negative standard error, margins that are not in
 * order, or degrees of freedom not above 0 -> undefined.
 */
export function equivalenceTest(input: {
  readonly estimate: number
  readonly standardError: number
  readonly lower: number
  readonly upper: number
  readonly degreesOfFreedom?: number | undefined
  readonly level: number
}): EquivalenceTest | undefined {
  const { estimate, standardError, lower, upper, level } = input
  const df = input.degreesOfFreedom ?? Number.POSITIVE_INFINITY
  const valid = [estimate, standardError, lower, upper].every(Number.isFinite)
  if (!(valid && standardError >= 0 && lower < upper && df > 0)) return undefined
  const isNormal = df === Number.POSITIVE_INFINITY
  const cdf = isNormal ? normalCdf : (x: number) => studentTCdf(x, df)
  const lowerP = cdf(-standardised(estimate - lower, standardError))
  const upperP = cdf(standardised(estimate - upper, standardError))
  const multiplier = isNormal ? normalMultiplier(level) : -studentTQuantile((1 - level) / 2, df)
  const half = standardError === 0 ? 0 : multiplier * standardError
  const [low, high] = [estimate - half, estimate + half]
  return {
    lowerP,
    upperP,
    pValue: equivalencePValue(lowerP, upperP),
    equivalent: low > lower && high < upper,
    low,
    high,
  }
}
