import { mcnemar } from '../../stats/mcnemar.js'
import { miettinenNurminenInterval } from '../../stats/miettinen-nurminen.js'
import { studentTCdf, studentTQuantile } from '../../stats/special/student-t.js'
import { tangoInterval } from '../../stats/tango.js'
import type { Harms } from './harms.js'
import { hypergeometricMidP } from './hypergeometric.js'
import { type Tally, without } from './tally.js'

/** How a slice is compared. All p-values are one-sided: small when the candidate is worse. */
export interface Judge {
  /** The smallest p-value that the slice could have, whichever way its examples fell. */
  leastP(slice: Tally, universe: Tally): number
  /** That the candidate is no worse in the slice: than the baseline, or than on the universe's other rows. */
  pValue(slice: Tally, universe: Tally): number
  /** That the candidate is no worse in the slice than on the other rows of `parent`, which contains it. */
  refinement(slice: Tally, parent: Tally): number
  /** The harm with its two-sided interval, in the score's unit; positive is worse. */
  effect(slice: Tally, universe: Tally, level: number): Effect
}

export interface Effect {
  readonly harm: number
  readonly low: number
  readonly high: number
}

/** Chooses by the score's kind and by whether there is a baseline. */
export function judgeOf(harms: Harms): Judge {
  if (harms.signs !== undefined) {
    return harms.against === 'difference' ? pairedCounts : countsAgainstRest
  }
  return harms.against === 'difference' ? pairedMeans(harms) : meansAgainstRest(harms)
}

/** McNemar's mid-p, one-sided, and Tango's interval: `worse` and `better` are the discordant pairs. */
const pairedCounts: Judge = {
  leastP: ({ worse, better }) => 2 ** -(worse + better + 1),
  pValue({ worse, better }) {
    if (worse === better) return 0.5
    const half = mcnemar(better, worse).midP / 2
    return worse > better ? half : 1 - half
  },
  refinement: (slice, parent) => welch(ofSigns(slice), ofSigns(without(parent, slice))).pValue,
  effect({ n, worse, better }, _universe, level) {
    const { low, high } = tangoInterval({ n, candidateOnly: worse, baselineOnly: better, level })
    return { harm: (worse - better) / n, low, high }
  },
}

/** Fisher's exact test with the mid-p and Miettinen & Nurminen's interval: `worse` are the wrong ones. */
const countsAgainstRest: Judge = {
  leastP: (slice, universe) =>
    hypergeometricMidP(Math.min(slice.n, universe.worse), urnOf(slice, universe)),
  pValue: (slice, universe) => hypergeometricMidP(slice.worse, urnOf(slice, universe)),
  refinement: (slice, parent) => hypergeometricMidP(slice.worse, urnOf(slice, parent)),
  effect(slice, universe, level) {
    const rest = without(universe, slice)
    const counts = {
      candidateSuccesses: slice.worse,
      candidateTotal: slice.n,
      baselineSuccesses: rest.worse,
      baselineTotal: rest.n,
    }
    const { low, high } = miettinenNurminenInterval(counts, level) ?? { low: -1, high: 1 }
    return { harm: slice.worse / slice.n - rest.worse / rest.n, low, high }
  },
}

function urnOf(slice: Tally, universe: Tally) {
  return { n: slice.n, marked: universe.worse, total: universe.n }
}

/** Student's t of the paired differences. */
function pairedMeans({ centre, unit }: Harms): Judge {
  const zero: Mean = { n: 1, mean: -centre / unit, variance: 0 }
  return {
    leastP: () => 0,
    pValue: (slice) => againstConstant(ofValues(slice), zero.mean).pValue,
    refinement: (slice, parent) => welch(ofValues(slice), ofValues(without(parent, slice))).pValue,
    effect: (slice, _universe, level) =>
      effectOf(againstConstant(ofValues(slice), zero.mean), unit, level),
  }
}

/** Welch's t of the slice's losses against those of the other rows. */
function meansAgainstRest({ unit }: Harms): Judge {
  const test = (slice: Tally, universe: Tally) =>
    welch(ofValues(slice), ofValues(without(universe, slice)))
  return {
    leastP: () => 0,
    pValue: (slice, universe) => test(slice, universe).pValue,
    refinement: (slice, parent) => test(slice, parent).pValue,
    effect: (slice, universe, level) => effectOf(test(slice, universe), unit, level),
  }
}

interface Mean {
  readonly n: number
  readonly mean: number
  readonly variance: number
}

/** A variance below this share of the mean square is rounding: the values are all equal. */
const ROUNDING = 1e-13

function ofValues({ n, worse: sum, better: squares }: Tally): Mean {
  return momentsOf(n, sum, squares)
}

function ofSigns({ n, worse, better }: Tally): Mean {
  return momentsOf(n, worse - better, worse + better)
}

function momentsOf(n: number, sum: number, squares: number): Mean {
  const mean = sum / n
  const deviations = squares - sum * mean
  return { n, mean, variance: deviations > ROUNDING * squares ? deviations / (n - 1) : 0 }
}

interface Comparison {
  readonly difference: number
  readonly standardError: number
  readonly degreesOfFreedom: number
  readonly pValue: number
}

function againstConstant({ n, mean, variance }: Mean, constant: number): Comparison {
  const difference = mean - constant
  const standardError = Math.sqrt(variance / n)
  return compared({ difference, standardError, degreesOfFreedom: n - 1, n })
}

/** Welch (1947), degrees of freedom by Satterthwaite. */
function welch(slice: Mean, rest: Mean): Comparison {
  const a = slice.variance / slice.n
  const b = rest.variance / rest.n
  const degreesOfFreedom = (a + b) ** 2 / (a ** 2 / (slice.n - 1) + b ** 2 / (rest.n - 1))
  const difference = slice.mean - rest.mean
  return compared({ difference, standardError: Math.sqrt(a + b), degreesOfFreedom, n: slice.n })
}

/** Where nothing varies there is no t: the sign of n equal values has probability 2^-n under the hypothesis. */
function compared(input: Omit<Comparison, 'pValue'> & { readonly n: number }): Comparison {
  const { difference, standardError, degreesOfFreedom, n } = input
  const t = difference / standardError
  const constantP = difference > 0 ? 2 ** -n : 1
  const pValue = standardError > 0 ? studentTCdf(-t, degreesOfFreedom) : constantP
  return { difference, standardError, degreesOfFreedom, pValue }
}

function effectOf(comparison: Comparison, unit: number, level: number): Effect {
  const { difference, standardError, degreesOfFreedom } = comparison
  const half =
    standardError > 0 ? -studentTQuantile((1 - level) / 2, degreesOfFreedom) * standardError : 0
  return {
    harm: unit * difference,
    low: unit * (difference - half),
    high: unit * (difference + half),
  }
}
