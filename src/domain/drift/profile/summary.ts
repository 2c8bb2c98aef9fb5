import type { SketchedCategories } from '../../stats/sketch/category-sketch.js'
import { deviationOfMoments, momentsOf } from '../../stats/sketch/moments.js'
import type { SketchedNumbers } from '../../stats/sketch/numeric-sketch.js'
import { weightedOf } from '../../stats/sketch/weighted.js'
import type { CategoricalSample, ColumnSample, NumericSample } from '../samples.js'

/**
 * A column of numbers that need not be held: buckets in ascending order. Bucket i holds `counts[i]` values over `ends[i - 1]` and up to
 * `ends[i]`.
 */
export interface NumericSummary extends Omit<NumericSample, 'sorted' | 'allDiffer' | 'counted'> {
  readonly ends: Float64Array
  readonly counts: Float64Array
  /**
   * Where in its bucket the mean of the values lies, from 0 at the end before it to 1 at its own: all values of a 1 are equal to the
   * end. Undefined where all of them are 1.
   */
  readonly places: Float64Array | undefined
  /** Of the finite values; undefined without any. */
  readonly mean: number | undefined
  /** Divisor n. */
  readonly deviation: number | undefined
  /** Whether no value occurs twice. */
  readonly allDiffer: boolean
}

export interface CategoricalSummary extends Omit<CategoricalSample, 'others'> {
  /** Rows of categories that are not named. */
  readonly others: number
  /** Whether the counts are those of rows drawn at random. */
  readonly isSample: boolean
}

/** One side of a column, small enough to be kept: what an exact sample, a sketch and a profile have in common. */
export type ColumnSummary = NumericSummary | CategoricalSummary

/** A sample without its repetitions. Nothing is lost. */
export function summaryOf(sample: ColumnSample): ColumnSummary {
  if (sample.kind === 'categorical') {
    return { ...sample, others: sample.others ?? 0, isSample: false }
  }
  const { sorted, counted: _, ...facts } = sample
  const { values, counts } = weightedOf(sorted)
  const moments = momentsOf(sorted)
  return {
    ...facts,
    ends: values,
    counts,
    places: undefined,
    mean: sorted.length === 0 ? undefined : moments.mean,
    deviation: sorted.length === 0 ? undefined : deviationOfMoments(moments),
    allDiffer: sample.allDiffer ?? (sorted.length > 0 && values.length === sorted.length),
  }
}

interface Named<Type> {
  readonly name: string
  readonly type: Type
}

export function summaryOfNumbers(
  { name, type }: Named<NumericSample['type']>,
  { values, counts, moments, ...facts }: SketchedNumbers,
): NumericSummary {
  return {
    ...{ kind: 'numeric', name, type },
    ...facts,
    ends: values,
    counts,
    places: undefined,
    mean: moments.count === 0 ? undefined : moments.mean,
    deviation: moments.count === 0 ? undefined : deviationOfMoments(moments),
  }
}

export function summaryOfCategories(
  { name, type }: Named<CategoricalSample['type']>,
  found: SketchedCategories,
): CategoricalSummary {
  return { kind: 'categorical', name, type, ...found, others: 0 }
}
