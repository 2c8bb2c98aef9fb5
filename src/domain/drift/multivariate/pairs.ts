import {
  type Association,
  type RankedColumn,
  rankColumn,
  ratioAssociation,
  spearmanAssociation,
} from '../../stats/association.js'
import { frequencyBins } from '../../stats/binned-feature.js'
import { excessOfSpearman } from '../../stats/spearman-variance.js'
import { normalSf } from '../../stats/special/normal.js'
import { cramerAssociation } from '../../stats/table-association.js'
import type { Pooled, PooledColumn } from './pooled.js'

/** How two columns go together in each sample. */
export interface PairOfColumns {
  readonly one: number
  readonly other: number
  readonly reference: number
  readonly current: number
  readonly difference: number
  /** Of no difference, two-sided, for this pair alone. */
  readonly pValue: number
  /** How far the pair moved on the scale that it is tested on, and the variance there of each sample. */
  readonly gap: number
  readonly variances: readonly [number, number]
  /** The difference's own standard error, roughly, on the scale of the correlation. */
  readonly standardError: number
}

/** The spread of this many pairs, on this many rows, is looked at once more. */
const MOST_CHECKED = 2000
const ROWS_CHECKED = 2000
/** With the rare ones and the missing ones. */
const MOST_CATEGORIES = 32
const FEWEST_OF_CATEGORY = 10

interface Ranked {
  readonly kind: 'numeric'
  readonly column: RankedColumn
}

interface Coded {
  readonly kind: 'categorical'
  readonly codes: Int32Array
  readonly count: number
}

type Prepared = Ranked | Coded

interface Sides {
  readonly reference: readonly Prepared[]
  readonly current: readonly Prepared[]
}

/**
 * Every pair of columns that vary in both samples: Spearman's correlation of numbers, Cramér's V of categories, the correlation
 * ratio of ranks by category for one of each. P-values are held to the rows themselves where they and the difference would be drift.
 */
export function comparePairs(
  pooled: Pooled,
  rows: { readonly reference: Uint32Array; readonly current: Uint32Array },
  { alpha, over }: { readonly alpha: number; readonly over: number },
): PairOfColumns[] {
  const coded = pooled.columns.map(codesOf)
  const prepared: Sides = {
    reference: pooled.columns.map((column, i) => prepare(column, coded[i], rows.reference)),
    current: pooled.columns.map((column, i) => prepare(column, coded[i], rows.current)),
  }
  const pairs: (PairOfColumns & { pValue: number })[] = []
  for (let one = 0; one < pooled.columns.length; one++) {
    for (let other = one + 1; other < pooled.columns.length; other++) {
      const reference = associationOf(prepared.reference[one], prepared.reference[other])
      const current = associationOf(prepared.current[one], prepared.current[other])
      if (reference === undefined || current === undefined) continue
      pairs.push({ one, other, ...compare(reference, current) })
    }
  }
  const doubtful = pairs.filter(
    ({ pValue, difference }) => pValue <= alpha && Math.abs(difference) > over,
  )
  checkRanks(doubtful, prepared)
  return pairs
}

/**
 * Fisher's z is sure of itself where two numbers are far from the normal law: the differences that would be drift are looked at
 * once more, the largest first, and their variance is what the rows themselves say where that is more.
 */
function checkRanks(
  pairs: readonly (PairOfColumns & { pValue: number })[],
  { reference, current }: Sides,
): void {
  const largest = pairs.toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
  for (const pair of largest.slice(0, MOST_CHECKED)) {
    const excess = [reference, current].map((side) => excessOf(side[pair.one], side[pair.other]))
    const spread = pair.variances.reduce((sum, own, side) => sum + own * (excess[side] ?? 1), 0)
    if (spread > 0) pair.pValue = pValueOf(pair.gap / Math.sqrt(spread))
  }
}

/** At least 1; 1 for other pairs than of numbers. */
function excessOf(one: Prepared | undefined, other: Prepared | undefined): number {
  if (one?.kind !== 'numeric' || other?.kind !== 'numeric') return 1
  return Math.max(1, excessOfSpearman(some(one.column.ranks), some(other.column.ranks)))
}

/** Rows evenly from all. */
function some(values: Float64Array): Float64Array {
  if (values.length <= ROWS_CHECKED) return values
  const step = values.length / ROWS_CHECKED
  return Float64Array.from(
    { length: ROWS_CHECKED },
    (_, i) => values[Math.floor(i * step)] ?? Number.NaN,
  )
}

function pValueOf(statistic: number): number {
  return Math.min(1, 2 * normalSf(statistic))
}

/** Categories by numbers that mean the same in both samples, the rare ones as one. */
function codesOf(column: PooledColumn): Coded | undefined {
  if (column.kind === 'numeric') return undefined
  const options = { most: MOST_CATEGORIES, fewest: FEWEST_OF_CATEGORY }
  const { bins, count } = frequencyBins(column.codes, options)
  return { kind: 'categorical', codes: Int32Array.from(bins, (bin) => bin - 1), count: count - 1 }
}

function prepare(column: PooledColumn, coded: Coded | undefined, rows: Uint32Array): Prepared {
  if (column.kind === 'numeric') {
    const values = Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN)
    return { kind: 'numeric', column: rankColumn(values) }
  }
  const codes = Int32Array.from(rows, (row) => coded?.codes[row] ?? -1)
  return { kind: 'categorical', codes, count: coded?.count ?? 0 }
}

function associationOf(
  one: Prepared | undefined,
  other: Prepared | undefined,
): Association | undefined {
  if (one === undefined || other === undefined) return undefined
  if (one.kind === 'numeric') {
    return other.kind === 'numeric'
      ? spearmanAssociation(one.column, other.column)
      : ratioAssociation(one.column.ranks, other.codes, other.count)
  }
  return other.kind === 'numeric'
    ? ratioAssociation(other.column.ranks, one.codes, one.count)
    : cramerAssociation(one, other)
}

function compare(
  reference: Association,
  current: Association,
): Omit<PairOfColumns, 'one' | 'other'> {
  const difference = current.value - reference.value
  const spread = Math.sqrt(reference.variance + current.variance)
  const gap = Math.abs(current.scaled - reference.scaled)
  return {
    reference: reference.value,
    current: current.value,
    difference,
    gap,
    variances: [reference.variance, current.variance],
    pValue: spread > 0 ? pValueOf(gap / spread) : Number(gap === 0),
    // Of a correlation near 0, where it is largest.
    standardError: Math.sqrt(1 / reference.rows + 1 / current.rows),
  }
}
