import { mcnemar } from '../../stats/mcnemar.js'
import { miettinenNurminenInterval } from '../../stats/miettinen-nurminen.js'
import { tangoInterval } from '../../stats/tango.js'
import type { Judge } from './effect.js'
import type { Harms } from './harms.js'
import { hypergeometricMidP } from './hypergeometric.js'
import { judgeClusters } from './judge-clusters.js'
import { againstConstant, effectOf, type Mean, momentsOf, welch } from './mean-comparison.js'
import { type Tally, without } from './tally.js'

/** Chooses by the score's kind and by whether there is a baseline. */
export function judgeOf(harms: Harms): Judge {
  if (harms.design !== undefined) return judgeClusters(harms)
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

function ofValues({ n, worse: sum, better: squares }: Tally): Mean {
  return momentsOf(n, sum, squares)
}

function ofSigns({ n, worse, better }: Tally): Mean {
  return momentsOf(n, worse - better, worse + better)
}
