import { type WeightedValues, weightedOf } from '../stats/sketch/weighted.js'
import { type SortOptions, sortFinite } from '../stats/sort.js'
import type { CategoricalColumn, Column, NumericColumn } from '../table/column.js'
import type { Sides } from './predicate.js'
import type { CategoryPair, NumericPair } from './tests/drift-test.js'

/** One side of a column of numbers, whatever it was read from: a table, a profile or a sketch. */
export interface NumericSample {
  readonly kind: 'numeric'
  readonly name: string
  /** `timestamp` values are milliseconds since the epoch, UTC. */
  readonly type: NumericColumn['type']
  /** All cells, missing ones too. */
  readonly rows: number
  readonly missing: number
  readonly infinities: number
  /** Of these, how many are -Infinity, where anybody has looked at signs. */
  readonly negativeInfinities?: number | undefined
  /** The finite values, ascending. */
  readonly sorted: Float64Array
  /** How far, as a share of the values, any value's rank may be off: 0 where `sorted` is exact. */
  readonly rankError: number
  /** Of values that were summarised, whether no value occurred twice; else `sorted` says it. */
  readonly allDiffer?: boolean | undefined
  /** Of values that were summarised, each with how often it occurred, where that is known; else `sorted` says it. */
  readonly counted?: WeightedValues | undefined
}

/** One side of a column of categories. */
export interface CategoricalSample {
  readonly kind: 'categorical'
  readonly name: string
  readonly type: CategoricalColumn['type']
  readonly rows: number
  readonly missing: number
  /** Only categories that occur, in order of first appearance. */
  readonly categories: readonly string[]
  readonly counts: Float64Array
  /** Whether other rows of the column, which are not in the sample, hold texts that are no numbers. */
  readonly isTextElsewhere?: boolean | undefined
  /** Rows of categories that a profile does not name: none unless given. */
  readonly others?: number | undefined
}

export type ColumnSample = NumericSample | CategoricalSample

/** A column as a sample: sorted, or counted. The sample of a column that may be overwritten may lie in its memory. */
export function sampleOf(column: Column, options?: SortOptions): ColumnSample {
  return column.kind === 'numeric' ? sortedSample(column, options) : countedSample(column)
}

function sortedSample(
  { name, type, values }: NumericColumn,
  options: SortOptions | undefined,
): NumericSample {
  const { sorted, missing, positiveInfinities, negativeInfinities } = sortFinite(values, options)
  const infinities = positiveInfinities + negativeInfinities
  const facts = { name, type, rows: values.length, missing, infinities, negativeInfinities }
  return { kind: 'numeric', ...facts, sorted, rankError: 0 }
}

function countedSample({ name, type, codes, categories }: CategoricalColumn): CategoricalSample {
  const perCode = new Float64Array(categories.length)
  let present = 0
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1
    if (code < 0) continue
    perCode[code] = (perCode[code] ?? 0) + 1
    present++
  }
  const counts = new Map<string, number>()
  for (const [code, category] of categories.entries()) {
    const count = perCode[code] ?? 0
    if (count > 0) counts.set(category, (counts.get(category) ?? 0) + count)
  }
  return {
    kind: 'categorical',
    name,
    type,
    rows: codes.length,
    missing: codes.length - present,
    categories: [...counts.keys()],
    counts: Float64Array.from(counts.values()),
  }
}

/** A column of both samples, ready to be compared. */
export interface ColumnPair {
  readonly pair: NumericPair | CategoryPair
  readonly rows: Sides
  readonly missing: Sides
  readonly infinities: Sides
  /** Of the infinite cells, where the signs of both samples are known. */
  readonly negativeInfinities?: Sides | undefined
  /** Of both samples together: so far may a difference of their distribution functions be off. */
  readonly rankError: number
  /** Of summarised values, whether no sample has a value twice. */
  readonly allDiffer?: boolean | undefined
}

/** Both columns as sorted finite values. A sample of text has none: that is checked before. */
export function numericPair(reference: ColumnSample, current: ColumnSample): ColumnPair {
  const left = numbersOf(reference)
  const right = numbersOf(current)
  return {
    pair: { kind: 'numeric', reference: left.sorted, current: right.sorted },
    ...cellSides(left, right),
    rankError: left.rankError + right.rankError,
    allDiffer: bothDiffer(left, right),
  }
}

/** Undefined where neither side was summarised; a side that was not says it by its values. */
function bothDiffer(left: NumericSample, right: NumericSample): boolean | undefined {
  if (left.allDiffer === undefined && right.allDiffer === undefined) return undefined
  return differs(left) && differs(right)
}

function differs({ allDiffer, sorted }: NumericSample): boolean {
  return allDiffer ?? sorted.every((value, i) => i === 0 || value !== sorted[i - 1])
}

/** How many cells of both samples there are, and have no value. */
export function cellSides(
  left: CellFacts,
  right: CellFacts,
): Pick<ColumnPair, 'rows' | 'missing' | 'infinities' | 'negativeInfinities'> {
  const [reference, current] = [negativesOf(left), negativesOf(right)]
  const isKnown = reference !== undefined && current !== undefined
  return {
    rows: { reference: left.rows, current: right.rows },
    missing: { reference: left.missing, current: right.missing },
    infinities: { reference: left.infinities ?? 0, current: right.infinities ?? 0 },
    negativeInfinities: isKnown ? { reference, current } : undefined,
  }
}

/** How many cells are -Infinity: where none is infinite none. */
export function negativesOf({ infinities = 0, negativeInfinities }: CellFacts): number | undefined {
  return infinities === 0 ? 0 : negativeInfinities
}

interface CellFacts {
  readonly rows: number
  readonly missing: number
  readonly infinities?: number | undefined
  readonly negativeInfinities?: number | undefined
}

/** A column without a single value may have been read as text: then every cell is missing. */
function numbersOf(sample: ColumnSample): NumericSample {
  if (sample.kind === 'numeric') return sample
  const { name, rows } = sample
  const facts = { name, type: 'number', rows, missing: rows, infinities: 0 } as const
  return { kind: 'numeric', ...facts, sorted: new Float64Array(0), rankError: 0 }
}

/** Both columns as counts by category; numbers are categories by their text. */
export function categoryPair(reference: ColumnSample, current: ColumnSample): ColumnPair {
  const [left, right] = alikeNamed(countsOf(reference), countsOf(current))
  const categories = [...left.counts.keys()]
  for (const category of right.counts.keys()) {
    if (!left.counts.has(category)) categories.push(category)
  }
  return {
    pair: {
      kind: 'categorical',
      categories,
      reference: Float64Array.from(categories, (category) => left.counts.get(category) ?? 0),
      current: Float64Array.from(categories, (category) => right.counts.get(category) ?? 0),
    },
    ...cellSides(left, right),
    rankError: errorOf(reference) + errorOf(current),
  }
}

/** Counts have no error where they are known. */
function errorOf(sample: ColumnSample): number {
  return sample.kind === 'numeric' && sample.counted === undefined ? sample.rankError : 0
}

interface Counted extends CellFacts {
  /** Only categories that occur. */
  readonly counts: ReadonlyMap<string, number>
  /** Rows of categories without a name. */
  readonly others: number
}

/** How the categories are shown that a profile does not name. */
const UNNAMED = '(categories that the profile does not name)'

/**
 * What one side does not name may be what only the other has: both are one category then. Otherwise each new category would
 * be called so though the reference had it, too rarely to be named.
 */
function alikeNamed(left: Counted, right: Counted): readonly [Counted, Counted] {
  if (left.others + right.others === 0) return [left, right]
  return [pooled(left, right), pooled(right, left)]
}

function pooled(own: Counted, other: Counted): Counted {
  const counts = new Map<string, number>()
  let unnamed = own.others
  for (const [category, count] of own.counts) {
    if (other.others === 0 || other.counts.has(category)) counts.set(category, count)
    else unnamed += count
  }
  if (unnamed > 0) counts.set(UNNAMED, unnamed)
  return { ...own, counts }
}

function countsOf(sample: ColumnSample): Counted {
  const { rows, missing } = sample
  if (sample.kind === 'numeric') {
    const { sorted, counted, infinities, negativeInfinities } = sample
    const counts = runsOf(counted ?? weightedOf(sorted))
    return { counts, rows, missing, infinities, negativeInfinities, others: 0 }
  }
  const counts = new Map(sample.categories.map((name, i) => [name, sample.counts[i] ?? 0]))
  return { counts, rows, missing, infinities: 0, others: sample.others ?? 0 }
}

/** How often each value occurs, by its text. */
function runsOf({ values, counts }: WeightedValues): Map<string, number> {
  const texts = new Map<string, number>()
  for (let i = 0; i < values.length; i++) texts.set(String(values[i]), counts[i] ?? 0)
  return texts
}

/** Whether a sample has at most `most` distinct finite values, and at least one. */
export function hasFewValues({ sorted }: NumericSample, most: number): boolean {
  let distinct = 0
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue
    distinct++
    if (distinct > most) return false
  }
  return distinct > 0
}

/** Whether no cell has a value (infinities are values). */
export function isBlank(sample: ColumnSample): boolean {
  return sample.missing === sample.rows
}
