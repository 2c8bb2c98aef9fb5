import type { Column } from '../../table/column.js'
import type { FoundSlice, SliceSearch } from '../verdict.js'
import { encodeColumns, type Feature } from './features.js'
import { covering, discoveries, type Ranked, refined } from './group.js'
import { type Harms, harmsOf } from './harms.js'
import { judgeOf } from './judge.js'
import { type Slice, searchLattice } from './lattice.js'
import type { SliceScore } from './score.js'

export interface SliceSearchInput {
  readonly score: SliceScore
  /** The table's columns, one row an example, in the order of the score's rows. */
  readonly columns: readonly Column[]
  /** Slices of fewer rows are not looked at; 50 by default, never below 2. */
  readonly minSize?: number | undefined
  /** Columns that a slice may combine: 1, 2 (default) or 3. */
  readonly depth?: number | undefined
  /** The false discovery rate; 0.1 by default. */
  readonly rate?: number | undefined
}

const MOST_FOUND = 10
const DEEPEST = 3
/** Cells of a table times passes that a search may cost; beyond, it looks at fewer columns at a time. */
const MOST_WORK = 4e9

/**
 * Where the candidate does worse than the baseline or, without one, worse than on the other examples: every value of a
 * column and every conjunction of values of `depth` columns is tested. `found` holds the false discovery rate over all
 * of them, at most 10, by the lower end of the harm's interval, worst first; slices that share their rows are reported
 * once. Intervals are widened for the choice: of the slices found, at most `rate` are expected to have an interval
 * that misses (Benjamini & Yekutieli 2005, false coverage rate). No rows or no columns: nothing tested.
 */
export function searchSlices(input: SliceSearchInput): SliceSearch {
  const minSize = Math.max(2, input.minSize ?? 50)
  const rate = input.rate ?? 0.1
  const harms = harmsOf(input.score)
  const { features, skipped } = encodeColumns(input.columns, { rows: harms.rows, minSize })
  const judge = judgeOf(harms)
  const depth = affordableDepth(input.depth ?? 2, features.length, harms.rows.length)
  const lattice = searchLattice({ harms, features, judge, minSize, depth, rate })
  const all = discoveries(lattice, rate)
  const level = 1 - (rate * all.slices.length) / Math.max(1, all.tested)
  const ranked = refined(all, lattice, { judge, rate })
    .map((slice) => ({ ...slice, effect: judge.effect(slice.tally, lattice.total, level) }))
    .sort(byHarm(features))
  const { total } = lattice
  const { cutOff } = all
  const found = covering(ranked, {
    harms,
    features,
    judge,
    total,
    minSize,
    cutOff,
    most: MOST_FOUND,
  })
  return {
    score: input.score.name,
    against: harms.against,
    columns: features.map(({ name }) => name),
    tested: all.tested,
    minSize,
    rate,
    found: found.map((slice) => describe(slice, { features, score: input.score, harms })),
    depth,
    ...(skipped.length > 0 ? { skipped } : {}),
  }
}

function affordableDepth(wanted: number, columns: number, rows: number): number {
  let depth = Math.min(DEEPEST, Math.max(1, Math.trunc(wanted)))
  const passes = [columns, columns ** 2 / 2, columns ** 3 / 6]
  while (depth > 1 && (passes[depth - 1] ?? 0) * rows > MOST_WORK) depth--
  return depth
}

/** The lower end of the interval, then the p-value, then the text: no order is left to chance. */
function byHarm(features: readonly Feature[]): (a: Ranked, b: Ranked) => number {
  const text = (slice: Slice): string => JSON.stringify(conditionsOf(slice, features))
  return (a, b) =>
    b.effect.low - a.effect.low ||
    a.pValue - b.pValue ||
    b.tally.n - a.tally.n ||
    (text(a) < text(b) ? -1 : 1)
}

function conditionsOf({ terms }: Slice, features: readonly Feature[]) {
  return terms.map(({ feature, code }) => ({
    column: features[feature]?.name ?? '',
    value: features[feature]?.values[code] ?? null,
  }))
}

interface Context {
  readonly features: readonly Feature[]
  readonly score: SliceScore
  readonly harms: Harms
}

function describe(slice: Ranked, { features, score, harms }: Context): FoundSlice {
  const { harm, low, high } = slice.effect
  const higher = score.direction === 'higher'
  const means = meansIn(slice, { features, score, harms })
  return {
    conditions: conditionsOf(slice, features),
    n: slice.tally.n,
    ...means,
    difference: higher ? 0 - harm : harm,
    low: higher ? 0 - high : low,
    high: higher ? 0 - low : high,
    pValue: slice.pValue,
    adjustedPValue: slice.adjustedPValue,
  }
}

function meansIn(slice: Ranked, { features, score, harms }: Context) {
  const conditions = slice.terms.flatMap(({ feature, code }) => {
    const codes = features[feature]?.codes
    return codes === undefined ? [] : [{ codes, code }]
  })
  const rows = harms.rows.filter((_, place) =>
    conditions.every(({ codes, code }) => codes[place] === code),
  )
  const { weights } = score
  return {
    candidate: meanOver(rows, score.candidate, weights),
    baseline: score.baseline === undefined ? null : meanOver(rows, score.baseline, weights),
  }
}

function meanOver(
  rows: Uint32Array,
  values: Float64Array,
  weights: Float64Array | undefined,
): number {
  const weightAt = (row: number): number => weights?.[row] ?? 1
  return (
    sumInOrder(Float64Array.from(rows, (row) => weightAt(row) * (values[row] ?? 0))) /
    sumInOrder(Float64Array.from(rows, weightAt))
  )
}

/** Added from the smallest on: rows of equal harm may come in any order. */
function sumInOrder(values: Float64Array): number {
  return values.sort().reduce((sum, value) => sum + value, 0)
}
