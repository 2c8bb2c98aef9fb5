import { comparandOf } from '../../../domain/drift/comparand.js'
import type { ColumnComparison } from '../../../domain/drift/decide.js'
import { categoricalSample, categoriesQuery } from '../../../domain/drift/engine/category-query.js'
import { countNumbers } from '../../../domain/drift/engine/count-numbers.js'
import { countedComparand } from '../../../domain/drift/engine/counted-comparand.js'
import type { Dialect } from '../../../domain/drift/engine/dialect.js'
import { countFewValues, numbersOfValues } from '../../../domain/drift/engine/few-values.js'
import type {
  NumberSummary,
  SideSummary,
  ValueCount,
} from '../../../domain/drift/engine/number-counter.js'
import type { ColumnSummary } from '../../../domain/drift/engine/summary-query.js'
import type { TableSource } from '../../../domain/drift/engine/table-source.js'
import { measureCells, measureColumn, measureCompared } from '../../../domain/drift/measure.js'
import { type ColumnPlan, planColumn } from '../../../domain/drift/plan.js'
import { type DriftPolicy, distanceRule } from '../../../domain/drift/policy.js'
import type { Sides } from '../../../domain/drift/predicate.js'
import {
  type CategoricalSample,
  type ColumnSample,
  categoryPair,
  type NumericSample,
} from '../../../domain/drift/samples.js'
import type { Ask } from './ask.js'
import { numberCounter } from './number-counter.js'
import { grownOrOther } from './other-nature.js'

/** More categories than this are not sent. */
export const MOST_CATEGORIES = 100_000
/** Estimates may be a few percent off. */
const SURELY_MORE = 1.2 * MOST_CATEGORIES
/** More different numbers than codes may have. */
const MANY_NUMBERS = Float64Array.from({ length: 64 }, (_, i) => i)

export interface SideOfColumn {
  readonly source: TableSource
  readonly summary: ColumnSummary
}

export interface ColumnInEngine {
  readonly policy: DriftPolicy
  readonly dialect: Dialect
  readonly ask: Ask
  readonly reference: SideOfColumn
  readonly current: SideOfColumn | undefined
}

/** What is said of a column with more categories than are sent. */
export const TOO_MANY = `over ${MOST_CATEGORIES} different values: too many categories (an identifier?)`

/** Compares one column of two tables. */
export async function compareInEngine(column: ColumnInEngine): Promise<ColumnComparison> {
  const { policy, reference, current } = column
  if (current === undefined) {
    const plan = planColumn(policy, shallowSample(reference.summary, undefined), undefined)
    return { plan, measured: undefined }
  }
  const asked = shallowComparison(policy, reference.summary, current.summary)
  if (asked !== undefined) return asked
  const values = await fewValues(column)
  const before = await sampleOf(column, reference, values)
  const now = await sampleOf(column, current, values)
  if (before === undefined || now === undefined) {
    const comparison = grownOrOther(policy, before, { now, most: MOST_CATEGORIES })
    return comparison ?? withoutCounts(policy, reference.summary, current.summary)
  }
  const plan = planColumn(policy, before, now)
  if (plan.mismatch !== undefined || plan.textual !== undefined) {
    return { plan, measured: undefined }
  }
  return measured(column, plan, { before, now, values })
}

/** Of times that are not compared, what the summaries say is enough. */
function shallowComparison(
  policy: DriftPolicy,
  before: ColumnSummary,
  now: ColumnSummary,
): ColumnComparison | undefined {
  const [reference, current] = [shallowSample(before, undefined), shallowSample(now, undefined)]
  const plan = planColumn(policy, reference, current)
  if (plan.isSkippedTime !== true) return undefined
  return { plan, measured: measureColumn(policy, plan, { reference, current }) }
}

/** Of more categories than are sent, what is missing is known. */
function withoutCounts(
  policy: DriftPolicy,
  before: ColumnSummary,
  now: ColumnSummary,
): ColumnComparison {
  const [reference, current] = [shallowSample(before, undefined), shallowSample(now, undefined)]
  const plan = {
    ...planColumn(policy, reference, current),
    kind: 'categorical',
    uncounted: TOO_MANY,
  } as const
  const sides = (what: (of: ColumnSummary) => number): Sides => ({
    reference: what(before),
    current: what(now),
  })
  const cells = {
    rows: sides(({ rows }) => rows),
    missing: sides(({ missing }) => missing),
    infinities: sides(({ infinities }) => infinities),
  }
  return { plan, measured: measureCells(policy, plan, cells) }
}

/** A sample that tells what a column is: of categories all that there are, of numbers only whether they are few. */
async function sampleOf(
  { dialect, ask }: ColumnInEngine,
  { source, summary }: SideOfColumn,
  values: CountedValues | undefined,
): Promise<ColumnSample | undefined> {
  if (summary.numbers !== undefined) return shallowSample(summary, values?.of(source))
  if (summary.distinct > SURELY_MORE) return undefined
  const { column } = summary
  const found = await ask(categoriesQuery(dialect, source, { column, most: MOST_CATEGORIES }))
  return found && categoricalSample(summary, found)
}

function shallowSample(
  { column, rows, missing, infinities, numbers }: ColumnSummary,
  values: Float64Array | undefined,
): ColumnSample {
  const { name, type } = column
  if (numbers === undefined) {
    const facts = { categories: [], counts: new Float64Array(0) }
    const kind = type === 'boolean' ? 'boolean' : 'string'
    return { kind: 'categorical', name, type: kind, rows, missing, ...facts }
  }
  const sorted = values ?? (numbers.count === 0 ? new Float64Array(0) : MANY_NUMBERS)
  const numeric = type === 'integer' || type === 'number' ? type : 'timestamp'
  const facts = { name, type: numeric, rows, missing, infinities } as const
  return { kind: 'numeric', ...facts, sorted, rankError: 0 } satisfies NumericSample
}

interface CountedValues {
  readonly all: readonly ValueCount[]
  /** The different values of one sample. */
  readonly of: (source: TableSource) => Float64Array
}

const NO_NUMBERS: SideSummary = {
  count: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  distinct: 0,
  quantiles: [],
}

function numbersOf({ reference, current }: ColumnInEngine): NumberSummary {
  return {
    reference: reference.summary.numbers ?? NO_NUMBERS,
    current: current?.summary.numbers ?? NO_NUMBERS,
  }
}

function counterOf(column: ColumnInEngine) {
  const summary = numbersOf(column)
  const side = (of: SideOfColumn | undefined) =>
    of?.summary.numbers === undefined || of.summary.numbers.count === 0
      ? undefined
      : { source: of.source, column: of.summary.column }
  return numberCounter(column.dialect, column.ask, {
    sources: { reference: side(column.reference), current: side(column.current) },
    sizes: { reference: summary.reference.count, current: summary.current.count },
  })
}

/** Undefined where the numbers are too many to be sent one by one. */
async function fewValues(
  column: ColumnInEngine,
  most?: number,
): Promise<CountedValues | undefined> {
  const summary = numbersOf(column)
  if (summary.reference.count + summary.current.count === 0) {
    return { all: [], of: () => new Float64Array(0) }
  }
  const all = await countFewValues(counterOf(column), summary, most)
  if (all === undefined) return undefined
  const valuesOf = (side: keyof Sides) =>
    Float64Array.from(
      all.filter(({ counts }) => counts[side] > 0),
      ({ value }) => value,
    ).sort()
  return {
    all,
    of: (source) => valuesOf(source === column.reference.source ? 'reference' : 'current'),
  }
}

interface Samples {
  readonly before: ColumnSample
  readonly now: ColumnSample
  readonly values: CountedValues | undefined
}

async function measured(
  column: ColumnInEngine,
  plan: ColumnPlan,
  samples: Samples,
): Promise<ColumnComparison> {
  const { policy } = column
  if (plan.kind === 'text') {
    const pair = { reference: samples.before, current: samples.now }
    return { plan, measured: measureColumn(policy, plan, pair) }
  }
  const values =
    plan.kind === 'categorical'
      ? await categories(column, samples)
      : countedComparand(await numbers(column, plan, samples.values))
  if (values === undefined) {
    const { reference, current } = column
    return withoutCounts(policy, reference.summary, (current ?? reference).summary)
  }
  const { before, now } = samples
  const sides = (what: (sample: ColumnSample) => number): Sides => ({
    reference: what(before),
    current: what(now),
  })
  return {
    plan,
    measured: measureCompared(policy, plan, {
      values,
      rows: sides(({ rows }) => rows),
      missing: sides(({ missing }) => missing),
      infinities: sides((sample) => (sample.kind === 'numeric' ? sample.infinities : 0)),
      rankError: 0,
    }),
  }
}

async function numbers(
  column: ColumnInEngine,
  plan: ColumnPlan,
  values: CountedValues | undefined,
) {
  const summary = numbersOf(column)
  if (values !== undefined) return numbersOfValues(values.all, summary)
  const names = [plan.testName, distanceRule(column.policy, 'numeric').name]
  return countNumbers(counterOf(column), summary, {
    area: names.some((name) => name.startsWith('wasserstein')),
  })
}

/** Both samples by category; numbers are categories by their text. */
async function categories(column: ColumnInEngine, { before, now, values }: Samples) {
  const isNumeric = before.kind === 'numeric' || now.kind === 'numeric'
  const counted = isNumeric ? (values ?? (await fewValues(column, MOST_CATEGORIES))) : undefined
  if (isNumeric && counted === undefined) return undefined
  const counts = (sample: ColumnSample, side: keyof Sides) =>
    sample.kind === 'categorical' ? sample : byText(sample, counted?.all ?? [], side)
  return comparandOf(categoryPair(counts(before, 'reference'), counts(now, 'current')).pair)
}

function byText(
  { name, rows, missing }: NumericSample,
  values: readonly ValueCount[],
  side: keyof Sides,
): CategoricalSample {
  const own = values.filter(({ counts }) => counts[side] > 0).toSorted((a, b) => a.value - b.value)
  return {
    kind: 'categorical',
    ...{ name, type: 'string', rows, missing },
    categories: own.map(({ value }) => String(value)),
    counts: Float64Array.from(own, ({ counts }) => counts[side]),
  }
}
