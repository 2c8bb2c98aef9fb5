import type { ClassTotals } from './class-totals.js'
import { defined, type MetricOptions, type Outcome, undefinedBecause } from './data.js'

/** Numerator and denominator of a ratio for one class. */
export interface Ratio {
  readonly top: number
  readonly bottom: number
}

export interface PerClass {
  readonly hit: number
  readonly actual: number
  readonly predicted: number
}

/** A metric that is a ratio for each class, as precision is hits over predicted. */
export interface ClassRatio {
  readonly of: (counts: PerClass) => Ratio
  /** Why it has no value when the denominator is zero. */
  readonly undefinedReason: string
}

/**
 * The ratio of the positive class, or its average over classes as scikit-learn defines it: `macro` weighs the classes
 * equally, `weighted` by how often they occur, `micro` sums the counts first. Classes that neither occur
 * nor are predicted are left out; a class whose own ratio is 0/0 counts as 0 in `macro` and `weighted`. Without
 * `average` a positive class is needed, and 0/0 has no value.
 */
export function averagedRatio(
  totals: ClassTotals,
  options: MetricOptions,
  ratio: ClassRatio,
): Outcome {
  if (options.average === undefined) return ofPositive(totals, ratio)
  if (options.average === 'micro') return micro(totals, ratio)
  let sum = 0
  let weights = 0
  for (let k = 0; k < totals.classes; k++) {
    const counts = classCounts(totals, k)
    if (counts.actual + counts.predicted === 0) continue
    const weight = options.average === 'macro' ? 1 : counts.actual
    const { top, bottom } = ratio.of(counts)
    sum += bottom > 0 ? (weight * top) / bottom : 0
    weights += weight
  }
  return weights > 0 ? defined(sum / weights) : undefinedBecause('there are no examples')
}

function classCounts(totals: ClassTotals, k: number): PerClass {
  return {
    hit: totals.hit[k] ?? 0,
    actual: totals.actual[k] ?? 0,
    predicted: totals.predicted[k] ?? 0,
  }
}

function ofPositive(totals: ClassTotals, ratio: ClassRatio): Outcome {
  if (totals.positive === undefined) return undefinedBecause('no positive class is named')
  const { top, bottom } = ratio.of(classCounts(totals, totals.positive))
  return bottom > 0 ? defined(top / bottom) : undefinedBecause(ratio.undefinedReason)
}

function micro(totals: ClassTotals, ratio: ClassRatio): Outcome {
  const sums = { hit: 0, actual: 0, predicted: 0 }
  for (let k = 0; k < totals.classes; k++) {
    const counts = classCounts(totals, k)
    sums.hit += counts.hit
    sums.actual += counts.actual
    sums.predicted += counts.predicted
  }
  const { top, bottom } = ratio.of(sums)
  return bottom > 0 ? defined(top / bottom) : undefinedBecause('there are no examples')
}
