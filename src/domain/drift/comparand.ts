import { total } from '../stats/shares.js'
import { categoryHistogram, numericHistogram } from './histogram.js'
import { type Resolution, resolutionOf, valuesOf } from './noise/noise.js'
import { middleDeviationOf, shapeOf } from './numeric-shape.js'
import { FEWEST_VALUES } from './policy.js'
import type { Histogram, Sides } from './predicate.js'
import type { ColumnSample } from './samples.js'
import type { CategoryPair, NumericPair, TestOutcome } from './tests/drift-test.js'
import { type ColumnKind, findTest, runTest } from './tests/index.js'
import {
  isIdentifierText,
  looksLikeIdentifierText,
  looksPrivate,
  mostlyDiffer,
} from './text/looks-like.js'
import { numberRows, wholeNumbers } from './whole-numbers.js'

/** What a comparison asks of a column's values in both samples, whether they are at hand or an engine has counted them. */
export interface Comparand {
  readonly kind: ColumnKind
  /** Finite numbers, or categories that are not missing. */
  readonly values: Sides
  /** Undefined where the test cannot compare this kind, a sample is empty, or the numbers overflow. */
  readonly run: (test: string) => TestOutcome | undefined
  readonly resolution: (distance: string, alpha: number) => Resolution | undefined
  /** The standard deviation that the middle half of the reference's numbers would have as a normal law's. */
  readonly middleDeviation: () => number | undefined
  readonly histogram: (type: ColumnSample['type']) => Histogram | null
  /** Whether the values only tell rows apart. */
  readonly looksLikeIdentifier: (type: ColumnSample['type']) => boolean
  /** Whether no value is to be shown: on either side they look like identifiers. */
  readonly hidesValues: boolean
  /** Whether both samples hold the same values, and too many different ones for that to be chance. */
  readonly looksIdentical: boolean
  /** Of categories, how often each occurs. */
  readonly categories: CategoryPair | undefined
}

export function comparandOf(pair: NumericPair | CategoryPair): Comparand {
  const values = valuesOf(pair)
  return {
    kind: pair.kind,
    values,
    run: (name) => {
      const test = findTest(name)
      return test && runTest(test, pair)
    },
    resolution: (distance, alpha) => resolutionOf(distance, pair, alpha),
    middleDeviation: () =>
      pair.kind === 'categorical' ? undefined : middleDeviationOf(shapeOf(pair)),
    histogram: (type) =>
      pair.kind === 'categorical' ? categoryHistogram(pair) : numericHistogram(pair, type),
    looksLikeIdentifier: (type) =>
      pair.kind === 'categorical'
        ? areIdentifiers(pair, values)
        : type === 'integer' && numberRows(values, wholeNumbersOf(pair)),
    hidesValues: pair.kind === 'categorical' && hidesValues(pair, values),
    looksIdentical: looksIdentical(pair),
    categories: pair.kind === 'categorical' ? pair : undefined,
  }
}

/**
 * Text of which no value occurs twice, or that looks like identifiers and of which most values differ. What a column is, the larger
 * sample shows: a few rows of anything differ.
 */
function areIdentifiers(pair: CategoryPair, values: Sides): boolean {
  const { categories, reference, current } = pair
  if (Math.max(values.reference, values.current) < FEWEST_VALUES) return false
  if (!mostlyDiffer(reference) || !mostlyDiffer(current)) return false
  const larger = values.reference >= values.current ? reference : current
  if (looksLikeIdentifierText(categories, larger)) return staysIdentifier(pair)
  return reference.every((count) => count <= 1) && current.every((count) => count <= 1)
}

function hidesValues(pair: CategoryPair, values: Sides): boolean {
  const { categories, reference, current } = pair
  if (looksPrivate(categories, reference) || looksPrivate(categories, current)) return true
  return areIdentifiers(pair, values)
}

/** Where one identifier has more than this share of the rows they have become a constant. */
const MOST_OF_ONE = 0.5
/** Other texts, such as "unknown", may have this share more than before. */
const MOST_OTHERS = 0.1

/** Whether what were identifiers in the reference are some in the current data too, and not one of them or another word. */
function staysIdentifier({ categories, reference, current }: CategoryPair): boolean {
  if (largestShare(current) > Math.max(MOST_OF_ONE, largestShare(reference))) return false
  return otherShare(categories, current) <= otherShare(categories, reference) + MOST_OTHERS
}

/** Of the rows; what is in one row alone is no share. */
function largestShare(counts: Float64Array): number {
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0)
  return most <= 1 ? 0 : most / total(counts)
}

/** A text of fewer of the rows is not looked at: there may be millions. */
const LEAST_LOOKED_AT = 0.01

/** Of the rows, the share of frequent texts that are no identifiers. */
function otherShare(categories: readonly string[], counts: Float64Array): number {
  const rows = total(counts)
  let others = 0
  for (const [i, count] of counts.entries()) {
    if (count >= rows * LEAST_LOOKED_AT && !isIdentifierText(categories[i] ?? '')) others += count
  }
  return rows === 0 ? 0 : others / rows
}

function wholeNumbersOf({ reference, current }: NumericPair) {
  const side = (sorted: Float64Array) => {
    const count = sorted.length
    return wholeNumbers({ sorted, count, allDiffer: allDiffer(sorted), neighbours: count })
  }
  return { reference: side(reference), current: side(current) }
}

function allDiffer(sorted: Float64Array): boolean {
  return sorted.every((value, i) => i === 0 || value !== sorted[i - 1])
}

function looksIdentical(pair: NumericPair | CategoryPair): boolean {
  const { reference, current } = pair
  if (reference.length < FEWEST_VALUES || reference.length !== current.length) return false
  return reference.every((value, i) => value === current[i])
}
