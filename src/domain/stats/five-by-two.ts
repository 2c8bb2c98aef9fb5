import { fisherFSf } from './special/fisher-f.js'
import { studentTCdf } from './special/student-t.js'

export interface FiveByTwo {
  /** Mean of all ten differences. */
  readonly mean: number
  /** Dietterich's t: the first difference over the root of the mean variance; 5 degrees of freedom. */
  readonly statistic: number
  /** Two-sided. */
  readonly pValue: number
  /** Alpaydin's F on all ten differences; 10 and 5 degrees of freedom. */
  readonly f: number
  readonly fPValue: number
}

const REPETITIONS = 5

function isPair(pair: readonly number[] | undefined): pair is readonly [number, number] {
  return pair?.length === 2 && pair.every(Number.isFinite)
}

/**
 * The 5x2cv tests of two learners: Dietterich's paired t (1998, Neural Computation 10:1895-1923) and Alpaydin's combined F
 * (1999, Neural Computation 11:1885-1892), which does not hang on which difference comes first and is the one to use.
 * `differences` holds, for each of five repetitions of two-fold cross-validation, the two folds' differences. No variance
 * -> statistics of 0 with p 1 for no difference at all, and Infinity with p 0 for any other. Anything but five pairs of
 * finite numbers -> undefined. Neither test has an interval.
 */
export function fiveByTwo(differences: readonly (readonly number[])[]): FiveByTwo | undefined {
  const pairs = differences.filter(isPair)
  const [first] = pairs
  if (first === undefined || pairs.length !== REPETITIONS) return undefined
  if (differences.length !== REPETITIONS) return undefined
  let variances = 0
  let squares = 0
  let sum = 0
  for (const [one, other] of pairs) {
    // Both squared deviations from the pair's mean.
    variances += (one - other) ** 2 / 2
    squares += one * one + other * other
    sum += one + other
  }
  const scale = Math.sqrt(variances / REPETITIONS)
  if (![squares, scale, sum].every(Number.isFinite)) return undefined
  const statistic = first[0] === 0 ? 0 : first[0] / scale
  const f = squares === 0 ? 0 : squares / (2 * variances)
  return {
    mean: sum / (2 * REPETITIONS),
    statistic,
    pValue: Math.min(1, 2 * studentTCdf(-Math.abs(statistic), REPETITIONS)),
    f,
    fPValue: fisherFSf(f, 2 * REPETITIONS, REPETITIONS),
  }
}
