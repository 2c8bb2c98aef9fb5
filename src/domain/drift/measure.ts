import { type CategoryChanges, categoryChanges, NO_CHANGES } from './categories.js'
import { type Comparand, comparandOf } from './comparand.js'
import { type InfiniteCells, measureInfinite } from './infinite-cells.js'
import { datetimeEvidence } from './kinds/datetime-column.js'
import type { Evidence } from './kinds/evidence.js'
import { textEvidence } from './kinds/text-column.js'
import {
  type Chance,
  chanceOf,
  learnedColumn,
  learnedLimit,
  NO_CHANCE,
  shareChance,
} from './learning/learned.js'
import { measureNew, NOTHING_NEW } from './new-values.js'
import { correctedDistance } from './noise/noise.js'
import { withRankError } from './noise/rank-error.js'
import type { ColumnPlan } from './plan.js'
import {
  type DistanceRule,
  type DriftPolicy,
  distanceRule,
  type OfShares,
  shareLimits,
  thresholdOf,
} from './policy.js'
import type { Sides } from './predicate.js'
import {
  type ColumnPair,
  type ColumnSample,
  categoryPair,
  cellSides,
  numericPair,
} from './samples.js'
import { sharePValue, sharesOf } from './share-test.js'
import type { CategoryPair } from './tests/drift-test.js'
import { type ColumnKind, findTest } from './tests/index.js'

/** What one column's values say, before the correction for the number of tests. */
export interface ColumnMeasurement extends Evidence, InfiniteCells {
  readonly plan: ColumnPlan
  readonly psi: number | undefined
  readonly js: number | undefined
  /** All cells. */
  readonly rows: Sides
  /** Values that were compared: finite numbers, or categories. */
  readonly values: Sides
  readonly nulls: Sides
  readonly nullPValue: number | undefined
  readonly changes: CategoryChanges
  /** The share of the current values whose category the reference does not have. */
  readonly newShare: number
  readonly newPValue: number | undefined
  /** What chance makes of the changes of these shares, and what they must be over to be drift. */
  readonly chance: OfShares<Chance>
  readonly limits: OfShares<number>
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
  if (plan.isSkippedTime === true) return measureCells(policy, plan, cellSides(reference, current))
  const numbers = plan.kind === 'numeric' || plan.kind === 'datetime'
  const columns = numbers ? numericPair(reference, current) : categoryPair(reference, current)
  const exact = comparandOf(columns.pair)
  const isSummary = columns.rankError > 0 || columns.allDiffer !== undefined
  const compared = { ...columns, values: isSummary ? withRankError(exact, columns) : exact }
  return measureCompared(policy, plan, {
    ...compared,
    evidence: ownEvidence(policy, plan, samples),
  })
}

/** A column of both samples whose values can be asked. */
export interface ComparedColumn extends Omit<ColumnPair, 'pair'> {
  readonly values: Comparand
  /** Of the kinds that have tests of their own. */
  readonly evidence?: Evidence | undefined
}

/** The same for values that only an engine has seen. */
export function measureCompared(
  policy: DriftPolicy,
  plan: ColumnPlan,
  column: ComparedColumn,
): ColumnMeasurement {
  const { values } = column
  const pair = plan.kind === 'categorical' ? values.categories : undefined
  const evidence = column.evidence ?? pairEvidence(policy, plan, values)
  const { fresh, ...news } = pair ? measureNew(pair) : NOTHING_NEW
  return {
    ...measureCells(policy, plan, { ...column, fresh }),
    ...withLearned(policy, plan.name, evidence),
    psi: values.run('psi')?.statistic,
    js: values.run('jensen-shannon')?.statistic,
    values: values.values,
    ...(pair && shownOf(pair, values)),
    ...news,
    rankError: column.rankError,
    looksLikeIdentifier: plan.kind !== 'text' && values.looksLikeIdentifier(plan.type),
    looksIdentical: values.looksIdentical,
  }
}

/** Of values that are not to be shown, only how many are new or gone. */
function shownOf(
  pair: CategoryPair,
  { hidesValues }: Comparand,
): Pick<ColumnMeasurement, 'changes'> & Partial<Pick<ColumnMeasurement, 'histogram'>> {
  const changes = categoryChanges(pair)
  if (!hidesValues) return { changes }
  return { changes: { ...changes, newCategories: [], vanishedCategories: [] }, histogram: null }
}

/** How many cells of both samples have no value that could be compared, and what chance makes of new categories. */
interface Cells extends Pick<ColumnPair, 'rows' | 'missing' | 'infinities' | 'negativeInfinities'> {
  readonly fresh?: Chance | undefined
}

/** A column of whose values nothing is asked: only which cells have one. */
export function measureCells(
  policy: DriftPolicy,
  plan: ColumnPlan,
  cells: Cells,
): ColumnMeasurement {
  const { rows, missing, infinities, fresh = NO_CHANCE } = cells
  const { chance: ofInfinities, ...infinite } = measureInfinite(cells)
  const chance = { nulls: shareChance(missing, rows), infinities: ofInfinities, fresh }
  const valuesOf = (side: keyof Sides) => rows[side] - missing[side] - infinities[side]
  return {
    plan,
    outcome: undefined,
    significance: undefined,
    distance: { ...distanceRule(policy, 'numeric'), value: undefined, corrected: undefined },
    resolution: undefined,
    histogram: null,
    details: [],
    psi: undefined,
    js: undefined,
    rows,
    values: { reference: valuesOf('reference'), current: valuesOf('current') },
    nulls: sharesOf(missing, rows),
    nullPValue: sharePValue(missing, rows),
    ...infinite,
    changes: NO_CHANGES,
    newShare: 0,
    newPValue: undefined,
    chance,
    limits: shareLimits(policy, plan.name, chance),
    rankError: 0,
    looksLikeIdentifier: false,
    looksIdentical: false,
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

/** A threshold that was learned for this distance goes before the configured one. */
function withLearned(policy: DriftPolicy, column: string, evidence: Evidence): Evidence {
  const { distance, resolution } = evidence
  const found = learnedColumn(policy.learned, column)?.distance
  if (policy.learned === undefined || found == null || found.name !== distance.name) return evidence
  const chance = chanceOf(resolution, policy.alpha)
  const threshold = learnedLimit(found, policy.learned.cutoff, chance)
  return { ...evidence, distance: { ...distance, threshold } }
}

function pairEvidence(policy: DriftPolicy, plan: ColumnPlan, values: Comparand): Evidence {
  const outcome = values.run(plan.testName)
  const isDistance = findTest(plan.testName)?.measures === 'distance'
  const usual = isDistance ? values.run(USUAL_TESTS[values.kind])?.pValue : outcome?.pValue
  const rule = ruleFor(policy, plan, values.kind)
  const value = values.run(rule.name)?.statistic
  const resolution = values.resolution(rule.name, policy.alpha)
  const corrected =
    value === undefined ? undefined : correctedDistance(rule.name, value, resolution)
  return {
    outcome,
    significance: usual ?? undefined,
    distance: { ...rule, value, corrected },
    inMiddle: rule.name === 'wasserstein-normalised' ? inMiddle(values, value) : undefined,
    resolution,
    histogram: values.histogram(plan.type),
    details: [],
  }
}

/** The middle of few columns is so much narrower than their deviation, without values that are far from all others. */
const EXTREME = 5

function inMiddle(values: Comparand, normalised: number | undefined): number | undefined {
  const area = values.run('wasserstein')?.statistic
  const middle = values.middleDeviation()
  if (!area || !normalised || middle === undefined) return undefined
  const found = area / middle
  return found > EXTREME * normalised ? found : undefined
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
