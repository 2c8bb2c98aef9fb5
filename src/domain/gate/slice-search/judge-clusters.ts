import type { Judge } from './effect.js'
import type { Harms } from './harms.js'
import { type Comparison, compared, effectOf } from './mean-comparison.js'
import type { DesignTally, Tally } from './tally.js'

/** Fewer clusters say too little about how clusters vary. */
const FEWEST_CLUSTERS = 10

/**
 * Weighted means with a variance by linearisation over clusters (the sandwich with the CR1 factor, Student's t with
 * clusters - 1 degrees of freedom; Cameron & Miller 2015). Rows without clusters are clusters of one. Against the other
 * rows of a whole, the slice's mean is compared with the whole's, and the difference and its error are scaled up to
 * the rest: the whole varies less than the slice and along with it, so that the error is if anything too large.
 */
export function judgeClusters({ against, centre, unit }: Harms): Judge {
  const zero = -centre / unit
  const compare = (slice: Tally, universe: Tally): Comparison =>
    against === 'difference' ? fromConstant(slice, zero) : fromRest(slice, universe)
  return {
    leastP: ({ design }) => (design !== undefined && design.clusters >= FEWEST_CLUSTERS ? 0 : 1),
    pValue: (slice, universe) => compare(slice, universe).pValue,
    refinement: (slice, parent) => fromRest(slice, parent).pValue,
    effect: (slice, universe, level) => effectOf(compare(slice, universe), unit, level),
  }
}

const NONE: DesignTally = { clusters: 0, t: 0, m: 0, tt: 0, tm: 0, mm: 0 }

function fromConstant({ design = NONE }: Tally, constant: number): Comparison {
  return scaled(design, { difference: design.t / design.m - constant, factor: 1 })
}

function fromRest({ design = NONE }: Tally, { design: whole = NONE }: Tally): Comparison {
  const factor = whole.m / (whole.m - design.m)
  return scaled(design, { difference: factor * (design.t / design.m - whole.t / whole.m), factor })
}

function scaled(
  { clusters, t, m, tt, tm, mm }: DesignTally,
  { difference, factor }: { readonly difference: number; readonly factor: number },
): Comparison {
  const mean = t / m
  const squares = tt - 2 * mean * tm + mean * mean * mm
  // What cancels to less than this is rounding: all clusters have the same mean.
  const spread = squares > 1e-13 * (tt + mean * mean * mm) ? squares : 0
  const standardError = (factor * Math.sqrt((spread * clusters) / (clusters - 1))) / m
  return compared({ difference, standardError, degreesOfFreedom: clusters - 1, n: clusters })
}
