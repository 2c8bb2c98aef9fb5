import { type ClassTotals, SAMPLE } from './class-totals.js'
import {
  type Average,
  defined,
  type MetricOptions,
  type Outcome,
  undefinedBecause,
} from './data.js'

/** What precision, recall and F1 can be averaged by. */
export const ALL_AVERAGES: readonly Average[] = ['macro', 'micro', 'weighted', 'samples']

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
  /** Which sum of `ClassTotals.samples` is that of the ratio of each example. */
  readonly sample: keyof typeof SAMPLE
  /** Why it has no value when the denominator is zero. */
  readonly undefinedReason: string
}

/**
 * The ratio of the positive class, or its average over classes as scikit-learn defines it: `macro` weighs the classes
 * equally, `weighted` by how often they occur, `micro` sums the counts first, and `samples` (multi-label) averages the ratios of
 * the examples. Classes that neither occur nor are predicted are left out; a class or an example whose own ratio is 0/0
 * counts as 0. Without `average` a positive class is needed, and 0/0 has no value.
 */
export function averagedRatio(
  totals: ClassTotals,
  options: MetricOptions,
  ratio: ClassRatio,
): Outcome {
  switch (options.average) {
    case undefined:
      return ofPositive(totals, ratio)
    case 'micro':
      return micro(totals, ratio)
    case 'samples':
      return ofSamples(totals, ratio)
    default:
      return overClasses(totals, options.average === 'weighted', ratio)
  }
}

function overClasses(totals: ClassTotals, byFrequency: boolean, ratio: ClassRatio): Outcome {
  let sum = 0
  let weights = 0
  let classes = 0
  for (let k = 0; k < totals.classes; k++) {
    const counts = classCounts(totals, k)
    if (counts.actual + counts.predicted === 0) continue
    classes++
    const weight = byFrequency ? counts.actual : 1
    const { top, bottom } = ratio.of(counts)
    sum += bottom > 0 ? weight * (top / bottom) : 0
    weights += weight
  }
  if (weights > 0) return defined(sum / weights)
  return undefinedBecause(classes > 0 ? 'no example has a class' : noExamples(totals, ratio))
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
  return bottom > 0 ? defined(top / bottom) : undefinedBecause(noExamples(totals, ratio))
}

function ofSamples(totals: ClassTotals, ratio: ClassRatio): Outcome {
  const size = totals.size[0] ?? 0
  const sum = totals.samples[SAMPLE[ratio.sample]] ?? 0
  return size > 0 ? defined(sum / size) : undefinedBecause(noExamples(totals, ratio))
}

/** Examples without classes are examples: in multi-label a set may be empty. */
function noExamples(totals: ClassTotals, ratio: ClassRatio): string {
  return (totals.size[0] ?? 0) > 0 ? ratio.undefinedReason : 'there are no examples'
}
