import { smallestTie } from '../../stats/tied-runs.js'
import type { Sides } from '../predicate.js'
import { certainArea } from './area.js'
import { type Buckets, quantileBuckets, splittingBuckets } from './buckets.js'
import {
  type Cell,
  countCells,
  eachCell,
  isPoint,
  orderedCells,
  pointCell,
  sizeOf,
  type Units,
  unitsFor,
} from './cells.js'
import type { CountedNumbers, SideMoments } from './counted-comparand.js'
import { countedShape } from './counted-shape.js'
import { largestGap } from './largest-gap.js'
import {
  type BucketCell,
  type BucketStart,
  ChangedTableError,
  checkSizes,
  type NumberCounter,
  type NumberSummary,
  type SideSummary,
} from './number-counter.js'

const limits = {
  /** Equal parts between two quantiles. */
  parts: 16,
  /** Up to so many rows of open cells are fetched value by value. */
  openRows: 20_000,
  /** Of a cell with more rows than this, smaller cells are made first. */
  cellRows: 4_000,
  /** Cells that one query splits. */
  splitAtOnce: 64,
  rounds: 40,
} as const

export interface NumberNeeds {
  /** Whether the area between the distribution functions is asked for. */
  readonly area: boolean
}

/**
 * Counts a column so that KS, the area, and the bins of the reference's deciles are exact: cells by bucket in one scan, and then only what is
 * open. Throws ChangedTableError where counts do not add up.
 */
export async function countNumbers(
  counter: NumberCounter,
  summary: NumberSummary,
  needs: NumberNeeds,
): Promise<CountedNumbers> {
  const { reference, current } = summary
  const range = {
    min: Math.min(reference.min, current.min),
    max: Math.max(reference.max, current.max),
  }
  const sizes = { reference: reference.count, current: current.count }
  const side = reference.count > 0 ? reference : current
  const origin = side.quantiles[side.quantiles.length >>> 1] ?? side.min / 2 + side.max / 2
  const units = unitsFor(range.min, range.max, Math.min(range.max, Math.max(range.min, origin)))
  const quantiles = [...reference.quantiles, ...current.quantiles]
  const buckets = quantileBuckets(range, quantiles, limits.parts)
  const counted = await counter.buckets(buckets, units, undefined)
  const work: Work = { counter, sizes, units, needs, buckets, area: undefined }
  checkSizes(counted, sizes)
  const start = await lookInside(work, counted)
  const cells = await closeOpenCells(work, start)
  const area = work.area ?? (needs.area ? certainArea(cells, sizes, units).area : undefined)
  const moments = (of: 'reference' | 'current') => momentsOfBuckets(counted, of, summary[of])
  return {
    cells,
    area,
    scale: units.scale,
    reference: moments('reference'),
    current: moments('current'),
  }
}

function momentsOfBuckets(
  cells: readonly BucketCell[],
  side: keyof Sides,
  { count, min, max, distinct }: SideSummary,
): SideMoments | undefined {
  if (count === 0) return undefined
  const mean = cells.reduce((sum, { sums }) => sum + sums[side], 0) / count
  const total = cells.reduce((sum, { squares }) => sum + squares[side], 0)
  // The origin is near the median, which is within a standard deviation of the mean: little cancels.
  const squares = min === max ? 0 : Math.max(0, total - count * mean * mean)
  return { min, max, mean, squares, distinct }
}

interface Work {
  readonly counter: NumberCounter
  readonly sizes: Sides
  readonly units: Units
  readonly needs: NumberNeeds
  readonly buckets: Buckets
  /** Known once nothing about it is open; cells that are cut later lose what was known of their inside. */
  area: number | undefined
}

/** Where too much is open to be fetched, an engine with windows is asked what happens inside. */
async function lookInside(work: Work, counted: readonly BucketCell[]): Promise<readonly Cell[]> {
  const cells = orderedCells(counted)
  const { inside } = work.counter
  const open = openCells(work, cells)
  if (inside === undefined || open.length === 0) return cells
  if (rowsOf(cells, open) <= limits.openRows) return cells
  const starts: BucketStart[] = []
  const bucketAt = new Map(counted.map((cell) => [cell.min, cell]))
  const bucketOfCell = new Map<Cell, number>()
  const isOpen = new Set(open)
  eachCell(cells, (cell, before, index) => {
    const whole = bucketAt.get(cell.min)
    // A cell that was joined from several buckets is none of the engine's.
    if (!isOpen.has(index) || whole?.max !== cell.max) return
    starts.push({ bucket: whole.bucket, before })
    bucketOfCell.set(cell, whole.bucket)
  })
  const found = await inside(work.buckets, starts)
  return cells.map((cell) => {
    const known = found.get(bucketOfCell.get(cell) ?? Number.NaN)
    return known === undefined || !Number.isFinite(known.area) ? cell : { ...cell, inside: known }
  })
}

/** The cells, by index, of which more must be known. */
function openCells(work: Work, cells: readonly Cell[]): readonly number[] {
  const { sizes, units, needs } = work
  if (sizes.reference === 0 || sizes.current === 0) return []
  const open = new Set(largestGap(cells, sizes).open)
  for (const index of countedShape(cells, Number.NaN).openBins()) open.add(index)
  if (needs.area && work.area === undefined) {
    const found = certainArea(cells, sizes, units)
    if (found.open.length === 0) work.area = found.area
    for (const index of found.open) open.add(index)
  }
  return [...open]
}

/** Cells in which there may be a run of equal values that changes the p-value of KS. */
function couldHideTie({ sizes }: Work, cell: Cell): boolean {
  if (sizes.reference === 0 || sizes.current === 0) return false
  return !isPoint(cell) && sizeOf(cell) > smallestTie(sizes.reference + sizes.current)
}

function rowsOf(cells: readonly Cell[], indices: readonly number[]): number {
  return indices.reduce((sum, index) => sum + sizeOf(cells[index] as Cell), 0)
}

/** Asks for the values of open cells, of large ones after they were split, until nothing is open. */
async function closeOpenCells(work: Work, start: readonly Cell[]): Promise<readonly Cell[]> {
  let cells = start
  for (let round = 0; round < limits.rounds; round++) {
    const wanted = new Set(openCells(work, cells))
    const open = cells.filter((cell, index) => wanted.has(index) || couldHideTie(work, cell))
    if (open.length === 0) return cells
    const rows = open.reduce((sum, cell) => sum + sizeOf(cell), 0)
    const most =
      rows <= limits.openRows ? limits.cellRows : Math.max(64, limits.openRows / open.length)
    const small = open.filter((cell) => sizeOf(cell) <= most)
    const large = open.filter((cell) => sizeOf(cell) > most)
    cells = await replaced(cells, small, await valuesOf(work, small))
    for (let at = 0; at < large.length; at += limits.splitAtOnce) {
      const some = large.slice(at, at + limits.splitAtOnce)
      const split = await work.counter.buckets(splittingBuckets(some), work.units, some)
      cells = await replaced(cells, some, split)
    }
  }
  throw new ChangedTableError('cells do not get smaller')
}

async function valuesOf(work: Work, cells: readonly Cell[]): Promise<readonly Cell[]> {
  if (cells.length === 0) return []
  const found: Cell[] = []
  for (let at = 0; at < cells.length; at += limits.splitAtOnce) {
    const some = cells.slice(at, at + limits.splitAtOnce)
    const most = some.reduce((sum, cell) => sum + sizeOf(cell), 0)
    const values = await work.counter.values(some, most)
    if (values === undefined) throw new ChangedTableError('there are more values than were counted')
    found.push(...values.map(({ value, counts }) => pointCell(value, counts, work.units)))
  }
  return found
}

/** Cells in place of others, of which they must hold the same values. */
function replaced(
  cells: readonly Cell[],
  old: readonly Cell[],
  fresh: readonly Cell[],
): readonly Cell[] {
  checkSizes(fresh, countCells(old))
  const gone = new Set(old)
  return orderedCells([...cells.filter((cell) => !gone.has(cell)), ...fresh])
}
