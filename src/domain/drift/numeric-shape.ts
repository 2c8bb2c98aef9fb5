import { countUpTo, type Ranked } from '../stats/quantile.js'
import type { CellCounts } from '../stats/shares.js'
import type { Sides } from './predicate.js'
import { binPair, type NumericPair } from './tests/drift-test.js'
import { factsOf } from './tests/pair-facts.js'

/** The finite values of a column in both samples, asked by rank: all of them are at hand, or an engine has counted them. */
export interface NumericShape {
  readonly kind: 'shape'
  readonly sizes: Sides
  /** The value at a rank from 0, ascending; undefined beyond the values. */
  readonly valueAt: (side: keyof Sides, rank: number) => number | undefined
  /** How many values are at or below a limit. */
  readonly countUpTo: (side: keyof Sides, limit: number) => number
  /** The counts over the bins that the reference's deciles cut. */
  readonly bins: () => CellCounts
  /** The standard deviation of the reference, divisor n. */
  readonly deviation: () => number
}

export function shapeOf(pair: NumericPair): NumericShape {
  return {
    kind: 'shape',
    sizes: { reference: pair.reference.length, current: pair.current.length },
    valueAt: (side, rank) => pair[side][rank],
    countUpTo: (side, limit) => countUpTo(pair[side], limit),
    bins: () => binPair(pair),
    deviation: factsOf(pair).deviation,
  }
}

/** One side of it. */
export function ranksOf({ sizes, valueAt }: NumericShape, side: keyof Sides): Ranked {
  return { count: sizes[side], valueAt: (rank) => valueAt(side, rank) }
}

/** Quartiles of a normal law are so many standard deviations apart. */
const BETWEEN_QUARTILES = 1.349

/** The standard deviation of a normal law with the quartiles of the reference; undefined where they are equal. */
export function middleDeviationOf({ sizes, valueAt }: NumericShape): number | undefined {
  const at = (share: number) => valueAt('reference', Math.floor(share * (sizes.reference - 1)))
  const [low, high] = [at(0.25), at(0.75)]
  if (low === undefined || high === undefined) return undefined
  const deviation = high / BETWEEN_QUARTILES - low / BETWEEN_QUARTILES
  return deviation > 0 && Number.isFinite(deviation) ? deviation : undefined
}
