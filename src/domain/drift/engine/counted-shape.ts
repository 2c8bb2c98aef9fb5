import { decileEdgesOfRanks } from '../../stats/quantile.js'
import type { CellCounts } from '../../stats/shares.js'
import { type NumericShape, ranksOf } from '../numeric-shape.js'
import type { Sides } from '../predicate.js'
import { type Cell, countCells, isPoint } from './cells.js'

export interface CountedShape extends NumericShape {
  /** The cells, by index, that the bins of the reference's deciles need to know by value; none where the bins are exact. */
  readonly openBins: () => readonly number[]
}

/**
 * The values behind cells, asked by rank: exact at points; within other cells as if evenly spread, which is enough for the noise of distances
 * and for a drawing.
 */
export function countedShape(cells: readonly Cell[], deviation: number): CountedShape {
  const ends = { reference: endsOf(cells, 'reference'), current: endsOf(cells, 'current') }
  const sizes = countCells(cells)
  const shape: NumericShape = {
    kind: 'shape',
    sizes,
    valueAt: (side, rank) => valueAt(cells, ends[side], { side, rank }),
    countUpTo: (side, limit) => countUpTo(cells, ends[side], { side, limit }),
    bins: () => binsOf(shape),
    deviation: () => deviation,
  }
  return { ...shape, openBins: () => openBins(cells, ends.reference, shape) }
}

/** How many values of a side there are up to the end of each cell. */
function endsOf(cells: readonly Cell[], side: keyof Sides): Float64Array {
  const ends = new Float64Array(cells.length)
  let count = 0
  for (const [index, { counts }] of cells.entries()) {
    count += counts[side]
    ends[index] = count
  }
  return ends
}

/** The first cell for which a condition, false up to somewhere and true from there on, holds. */
function firstCell(count: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

interface Rank {
  readonly side: keyof Sides
  readonly rank: number
}

function valueAt(
  cells: readonly Cell[],
  ends: Float64Array,
  { side, rank }: Rank,
): number | undefined {
  if (rank < 0) return undefined
  const index = cellOfRank(ends, rank)
  const cell = cells[index]
  if (cell === undefined) return undefined
  const count = cell.counts[side]
  const part = (rank - ((ends[index] ?? 0) - count) + 0.5) / count
  return isPoint(cell) ? cell.min : cell.min * (1 - part) + cell.max * part
}

function cellOfRank(ends: Float64Array, rank: number): number {
  return firstCell(ends.length, (index) => (ends[index] ?? 0) > rank)
}

interface Limit {
  readonly side: keyof Sides
  readonly limit: number
}

function countUpTo(cells: readonly Cell[], ends: Float64Array, { side, limit }: Limit): number {
  const index = firstCell(cells.length, (at) => (cells[at]?.max ?? 0) > limit)
  const before = ends[index - 1] ?? 0
  const cell = cells[index]
  if (cell === undefined || cell.min > limit) return before
  const part = (limit / 2 - cell.min / 2) / (cell.max / 2 - cell.min / 2)
  return before + Math.floor(cell.counts[side] * part)
}

function binsOf(shape: NumericShape): CellCounts {
  const edges = decileEdgesOfRanks(ranksOf(shape, 'reference'))
  return {
    reference: countsOver(shape, 'reference', edges),
    current: countsOver(shape, 'current', edges),
  }
}

function countsOver(shape: NumericShape, side: keyof Sides, edges: Float64Array): Float64Array {
  const upTo = [...edges].map((edge) => shape.countUpTo(side, edge))
  return Float64Array.from([...upTo, shape.sizes[side]], (count, i) => count - (upTo[i - 1] ?? 0))
}

/** The cells of the values that deciles lie on or between; once these are known, the cells that a decile falls into. */
function openBins(
  cells: readonly Cell[],
  ends: Float64Array,
  shape: NumericShape,
): readonly number[] {
  const count = shape.sizes.reference
  if (count === 0) return []
  const open = new Set<number>()
  const need = (index: number) => {
    const cell = cells[index]
    if (cell !== undefined && !isPoint(cell)) open.add(index)
  }
  for (let tenth = 1; tenth <= 9; tenth++) {
    const below = Math.floor(((count - 1) * tenth) / 10)
    need(cellOfRank(ends, below))
    need(cellOfRank(ends, Math.min(below + 1, count - 1)))
  }
  if (open.size === 0) {
    for (const edge of decileEdgesOfRanks(ranksOf(shape, 'reference'))) {
      const index = firstCell(cells.length, (at) => (cells[at]?.max ?? 0) > edge)
      if ((cells[index]?.min ?? Number.POSITIVE_INFINITY) <= edge) need(index)
    }
  }
  return [...open].toSorted((a, b) => a - b)
}
