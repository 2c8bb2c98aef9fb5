import { studentTCdf, studentTQuantile } from '../../stats/special/student-t.js'
import type { Effect } from './effect.js'

export interface Mean {
  readonly n: number
  readonly mean: number
  readonly variance: number
}

/** A variance below this share of the mean square is rounding: the values are all equal. */
const ROUNDING = 1e-13

/** From a count, a sum and a sum of squares. */
export function momentsOf(n: number, sum: number, squares: number): Mean {
  const mean = sum / n
  const deviations = squares - sum * mean
  return { n, mean, variance: deviations > ROUNDING * squares ? deviations / (n - 1) : 0 }
}

export interface Comparison {
  readonly difference: number
  readonly standardError: number
  readonly degreesOfFreedom: number
  readonly pValue: number
}

/** Student's t of a mean against a number. */
export function againstConstant({ n, mean, variance }: Mean, constant: number): Comparison {
  const difference = mean - constant
  const standardError = Math.sqrt(variance / n)
  return compared({ difference, standardError, degreesOfFreedom: n - 1, n })
}

/** Welch (1947), degrees of freedom by Satterthwaite. */
export function welch(slice: Mean, rest: Mean): Comparison {
  const a = slice.variance / slice.n
  const b = rest.variance / rest.n
  const degreesOfFreedom = (a + b) ** 2 / (a ** 2 / (slice.n - 1) + b ** 2 / (rest.n - 1))
  const difference = slice.mean - rest.mean
  return compared({ difference, standardError: Math.sqrt(a + b), degreesOfFreedom, n: slice.n })
}

/** One-sided. Where nothing varies there is no t: the sign of n equal values has probability 2^-n under the hypothesis. */
export function compared(input: Omit<Comparison, 'pValue'> & { readonly n: number }): Comparison {
  const { difference, standardError, degreesOfFreedom, n } = input
  const t = difference / standardError
  const constantP = difference > 0 ? 2 ** -n : 1
  const pValue = standardError > 0 ? studentTCdf(-t, degreesOfFreedom) : constantP
  return { difference, standardError, degreesOfFreedom, pValue }
}

/** The difference with its t interval, in another unit. */
export function effectOf(comparison: Comparison, unit: number, level: number): Effect {
  const { difference, standardError, degreesOfFreedom } = comparison
  const half =
    standardError > 0 ? -studentTQuantile((1 - level) / 2, degreesOfFreedom) * standardError : 0
  return {
    harm: unit * difference,
    low: unit * (difference - half),
    high: unit * (difference + half),
  }
}
