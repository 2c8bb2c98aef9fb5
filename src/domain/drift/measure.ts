import { chiSquareTwoSample } from '../stats/chi-square.js'
import { total } from '../stats/shares.js'
import type { Column } from '../table/column.js'
import { type CategoryChanges, categoryChanges, NO_CHANGES } from './categories.js'
import { categoryHistogram, numericHistogram } from './histogram.js'
import type { ColumnPlan } from './plan.js'
import {
  type DistanceRule,
  type DriftPolicy,
  distanceRule,
  FEWEST_VALUES,
  thresholdOf,
} from './policy.js'
import type { Histogram, Sides } from './predicate.js'
import { type ColumnPair, categoryPair, numericPair } from './samples.js'
import type { DriftTest, TestOutcome } from './tests/drift-test.js'
import { findTest, runTest } from './tests/index.js'

/** What one column's values say, before the correction for the number of tests. */
export interface ColumnMeasurement {
  readonly plan: ColumnPlan
  /** Undefined for a test that does not exist. */
  readonly test: DriftTest | undefined
  readonly outcome: TestOutcome | undefined
  /**
   * How certain a change is: the test's own p-value, or, where a distance is used as the test, that of the kind's
   * usual test, since distances of small samples are large by chance.
   */
  readonly significance: number | undefined
  readonly distance: DistanceRule & { readonly value: number | undefined }
  readonly psi: number | undefined
  readonly js: number | undefined
  readonly values: Sides
  readonly nulls: Sides
  readonly infiniteShares: Sides
  readonly nullPValue: number | undefined
  readonly infinityPValue: number | undefined
  readonly infinities: Sides
  readonly changes: CategoryChanges
  /** Whether no value of a column of text or integers occurs twice, in either sample. */
  readonly looksLikeIdentifier: boolean
  readonly histogram: Histogram | null
}

/** Compares one column. Whatever the values are, it answers: what cannot be computed is undefined. */
export function measureColumn(
  policy: DriftPolicy,
  plan: ColumnPlan,
  current: Column,
): ColumnMeasurement {
  const columns = pairOf(plan, current)
  const { pair } = columns
  const test = findTest(plan.testName)
  const rule = ruleFor(policy, plan, test)
  const outcome = test && runTest(test, pair)
  const rows = { reference: lengthOf(plan.reference), current: lengthOf(current) }
  return {
    plan,
    test,
    outcome,
    significance:
      test?.measures === 'distance' ? usualPValue(columns) : (outcome?.pValue ?? undefined),
    distance: { ...rule, value: distanceOf(rule.name, columns) },
    psi: distanceOf('psi', columns),
    js: distanceOf('jensen-shannon', columns),
    values: countsOf(columns),
    nulls: {
      reference: share(columns.missing.reference, rows.reference),
      current: share(columns.missing.current, rows.current),
    },
    infiniteShares: {
      reference: share(columns.infinities.reference, rows.reference),
      current: share(columns.infinities.current, rows.current),
    },
    nullPValue: sharePValue(columns.missing, rows),
    infinityPValue: sharePValue(columns.infinities, rows),
    infinities: columns.infinities,
    changes: pair.kind === 'categorical' ? categoryChanges(pair) : NO_CHANGES,
    looksLikeIdentifier: looksLikeIdentifier(plan, columns),
    histogram:
      pair.kind === 'categorical' ? categoryHistogram(pair) : numericHistogram(pair, typeOf(plan)),
  }
}

function pairOf(plan: ColumnPlan, current: Column): ColumnPair {
  return plan.kind === 'numeric'
    ? numericPair(plan.reference, current)
    : categoryPair(plan.reference, current)
}

/** A distance that is used as the test is held to its own threshold; a test of significance to its kind's. */
function ruleFor(policy: DriftPolicy, plan: ColumnPlan, test: DriftTest | undefined): DistanceRule {
  if (test?.measures === 'distance') {
    const threshold = thresholdOf(policy, test.name)
    if (threshold !== undefined) return { name: test.name, threshold }
  }
  return distanceRule(policy, plan.kind)
}

const USUAL_TESTS = { numeric: 'ks', categorical: 'chi-square' } as const

function usualPValue({ pair }: ColumnPair): number | undefined {
  const test = findTest(USUAL_TESTS[pair.kind])
  return (test && runTest(test, pair)?.pValue) ?? undefined
}

function distanceOf(distance: string, { pair }: ColumnPair): number | undefined {
  const test = findTest(distance)
  return test && runTest(test, pair)?.statistic
}

function looksLikeIdentifier(plan: ColumnPlan, columns: ColumnPair): boolean {
  const { reference, current } = countsOf(columns)
  if (Math.min(reference, current) < FEWEST_VALUES) return false
  const { pair } = columns
  if (pair.kind === 'categorical') {
    return pair.reference.every((count) => count <= 1) && pair.current.every((count) => count <= 1)
  }
  return typeOf(plan) === 'integer' && allDiffer(pair.reference) && allDiffer(pair.current)
}

function allDiffer(sorted: Float64Array): boolean {
  return sorted.every((value, i) => i === 0 || value !== sorted[i - 1])
}

function countsOf({ pair }: ColumnPair): Sides {
  return pair.kind === 'numeric'
    ? { reference: pair.reference.length, current: pair.current.length }
    : { reference: total(pair.reference), current: total(pair.current) }
}

function typeOf({ reference }: ColumnPlan): 'integer' | 'number' | 'timestamp' | undefined {
  return reference.kind === 'numeric' ? reference.type : undefined
}

function lengthOf(column: Column): number {
  return column.kind === 'numeric' ? column.values.length : column.codes.length
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

/** Chi-square test of a share of the cells; undefined where there are none of them or rows are few. */
function sharePValue(cells: Sides, rows: Sides): number | undefined {
  if (cells.reference + cells.current === 0) return undefined
  if (Math.min(rows.reference, rows.current) < FEWEST_VALUES) return undefined
  return chiSquareTwoSample({
    reference: Float64Array.of(cells.reference, rows.reference - cells.reference),
    current: Float64Array.of(cells.current, rows.current - cells.current),
  })?.pValue
}
