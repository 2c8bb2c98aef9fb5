import { chiSquareTwoSample } from '../stats/chi-square.js'
import { binomialCdf } from '../stats/special/binomial.js'
import { type CategoryChanges, categoryChanges, NO_CHANGES } from './categories.js'
import { categoryHistogram, numericHistogram } from './histogram.js'
import { datetimeEvidence } from './kinds/datetime-column.js'
import type { Evidence } from './kinds/evidence.js'
import { textEvidence } from './kinds/text-column.js'
import { correctedDistance, resolutionOf, valuesOf } from './noise/noise.js'
import type { ColumnPlan } from './plan.js'
import {
  type DistanceRule,
  type DriftPolicy,
  distanceRule,
  FEWEST_VALUES,
  thresholdOf,
} from './policy.js'
import type { Sides } from './predicate.js'
import { type ColumnPair, type ColumnSample, categoryPair, numericPair } from './samples.js'
import type { CategoryPair } from './tests/drift-test.js'
import { type ColumnKind, findTest, runTest } from './tests/index.js'
import { looksLikeIdentifierText } from './text/looks-like.js'

/** What one column's values say, before the correction for the number of tests. */
export interface ColumnMeasurement extends Evidence {
  readonly plan: ColumnPlan
  readonly psi: number | undefined
  readonly js: number | undefined
  /** Values that were compared: finite numbers, or categories. */
  readonly values: Sides
  readonly nulls: Sides
  readonly infiniteShares: Sides
  readonly nullPValue: number | undefined
  readonly infinityPValue: number | undefined
  readonly infinities: Sides
  readonly changes: CategoryChanges
  /** The share of the current values whose category the reference does not have. */
  readonly newShare: number
  readonly newPValue: number | undefined
  /** How far ranks may be off: 0 where all values were compared. */
  readonly rankError: number
  /** Whether the values only tell rows apart. */
  readonly looksLikeIdentifier: boolean
  /** Whether both samples hold the same values, and too many different ones for that to be chance. */
  readonly looksIdentical: boolean
}

interface Samples {
  readonly reference: ColumnSample
  readonly current: ColumnSample
}

/** Compares one column. Whatever the values are, it answers: what cannot be computed is undefined. */
export function measureColumn(
  policy: DriftPolicy,
  plan: ColumnPlan,
  samples: Samples,
): ColumnMeasurement {
  const { reference, current } = samples
  const numbers = plan.kind === 'numeric' || plan.kind === 'datetime'
  const columns = numbers ? numericPair(reference, current) : categoryPair(reference, current)
  const evidence = ownEvidence(policy, plan, samples) ?? pairEvidence(policy, plan, columns)
  const { rows, missing, infinities, pair } = columns
  const isCategorical = plan.kind === 'categorical' && pair.kind === 'categorical'
  return {
    plan,
    ...evidence,
    psi: distanceOf('psi', columns),
    js: distanceOf('jensen-shannon', columns),
    values: valuesOf(pair),
    nulls: sharesOf(missing, rows),
    infiniteShares: sharesOf(infinities, rows),
    nullPValue: sharePValue(missing, rows),
    infinityPValue: sharePValue(infinities, rows),
    infinities,
    changes: isCategorical ? categoryChanges(pair) : NO_CHANGES,
    ...(isCategorical ? measureNew(pair) : { newShare: 0, newPValue: undefined }),
    rankError: columns.rankError,
    looksLikeIdentifier: looksLikeIdentifier(plan, columns),
    looksIdentical: looksIdentical(pair),
  }
}

/** Of the kinds that have tests of their own. */
function ownEvidence(
  policy: DriftPolicy,
  { kind }: ColumnPlan,
  { reference, current }: Samples,
): Evidence | undefined {
  if (kind === 'text' && reference.kind === 'categorical' && current.kind === 'categorical') {
    return textEvidence(policy, reference, current)
  }
  if (kind === 'datetime' && reference.kind === 'numeric' && current.kind === 'numeric') {
    return datetimeEvidence(policy, reference, current)
  }
  return undefined
}

function pairEvidence(policy: DriftPolicy, plan: ColumnPlan, columns: ColumnPair): Evidence {
  const { pair } = columns
  const test = findTest(plan.testName)
  const outcome = test && runTest(test, pair)
  const usual = test?.measures === 'distance' ? usualPValue(columns) : outcome?.pValue
  const rule = ruleFor(policy, plan, pair.kind)
  const value = distanceOf(rule.name, columns)
  const resolution = resolutionOf(rule.name, pair, policy.alpha)
  const corrected =
    value === undefined ? undefined : correctedDistance(rule.name, value, resolution)
  return {
    outcome,
    significance: usual ?? undefined,
    distance: { ...rule, value, corrected },
    resolution,
    histogram:
      pair.kind === 'categorical' ? categoryHistogram(pair) : numericHistogram(pair, plan.type),
    details: [],
  }
}

/**
 * Whether values of new categories are more than chance brings. A category that occurs once in the reference is new
 * to the rest of it, so that their share says how often new ones are to be expected (Good 1953, Biometrika
 * 40:237-264); given how many there are of both, those of the current data are binomial.
 */
function measureNew(pair: CategoryPair): Pick<ColumnMeasurement, 'newShare' | 'newPValue'> {
  const { reference, current } = valuesOf(pair)
  const { singles, fresh } = countNew(pair)
  if (fresh === 0 || reference === 0) return { newShare: 0, newPValue: undefined }
  const share = current / (reference + current)
  const pValue = Math.max(0, 1 - binomialCdf(fresh - 1, singles + fresh, share))
  return { newShare: fresh / current, newPValue: pValue }
}

function countNew(pair: CategoryPair): { readonly singles: number; readonly fresh: number } {
  let singles = 0
  let fresh = 0
  for (let i = 0; i < pair.reference.length; i++) {
    if (pair.reference[i] === 1) singles++
    else if (pair.reference[i] === 0) fresh += pair.current[i] ?? 0
  }
  return { singles, fresh }
}

/** A distance that is used as the test is held to its own threshold; a test of significance to its kind's. */
function ruleFor(policy: DriftPolicy, plan: ColumnPlan, kind: ColumnKind): DistanceRule {
  const test = findTest(plan.testName)
  if (test?.measures === 'distance') {
    const threshold = thresholdOf(policy, test.name)
    if (threshold !== undefined) return { name: test.name, threshold }
  }
  return distanceRule(policy, kind)
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

/** Text of which no value occurs twice, or whole numbers that count on without many gaps. */
function looksLikeIdentifier(plan: ColumnPlan, columns: ColumnPair): boolean {
  const { reference, current } = valuesOf(columns.pair)
  if (plan.kind === 'text' || Math.min(reference, current) < FEWEST_VALUES) return false
  const { pair } = columns
  if (pair.kind === 'categorical') {
    const texts = { texts: pair.categories, counts: pair.reference }
    if (looksLikeIdentifierText(texts)) return true
    return pair.reference.every((count) => count <= 1) && pair.current.every((count) => count <= 1)
  }
  return plan.type === 'integer' && counts(pair.reference) && counts(pair.current)
}

const MOST_GAPS = 4

function counts(sorted: Float64Array): boolean {
  const range = (sorted[sorted.length - 1] ?? 0) - (sorted[0] ?? 0)
  return range < sorted.length * MOST_GAPS && allDiffer(sorted)
}

function looksIdentical(pair: ColumnPair['pair']): boolean {
  const { reference, current } = pair
  if (reference.length < FEWEST_VALUES || reference.length !== current.length) return false
  return reference.every((value, i) => value === current[i])
}

function allDiffer(sorted: Float64Array): boolean {
  return sorted.every((value, i) => i === 0 || value !== sorted[i - 1])
}

function sharesOf(cells: Sides, rows: Sides): Sides {
  return {
    reference: share(cells.reference, rows.reference),
    current: share(cells.current, rows.current),
  }
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
