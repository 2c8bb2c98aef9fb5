import { type JackknifeGroup, jackknifeAcceleration } from './acceleration.js'
import { drawBinomial } from './binomial-draw.js'
import type { RandomSource } from './random.js'

/** A statistic of examples that matter only by the cell they fall in, such as a joint confusion table of two models. */
export type CellStatistic = (cells: Float64Array) => number

export interface CellResampling {
  /** Examples in each cell: whole numbers. */
  readonly counts: readonly number[]
  readonly resamples: number
  readonly random: RandomSource
  /** Groups of cell indexes whose totals stay as they are; cells in no group stay as they are. Default: one group. */
  readonly strata?: readonly (readonly number[])[] | undefined
}

function strataOf(
  counts: readonly number[],
  strata: readonly (readonly number[])[] | undefined,
): readonly (readonly number[])[] {
  return strata ?? [counts.map((_, cell) => cell)]
}

function totalOf(counts: readonly number[], stratum: readonly number[]): number {
  let total = 0
  for (const cell of stratum) total += counts[cell] ?? 0
  return total
}

interface Stratum {
  readonly total: number
  readonly cells: Int32Array
  /** Each cell's share of what its predecessors leave. */
  readonly shares: Float64Array
}

/** Empty cells are never drawn: they are left out. */
function prepareStratum(counts: readonly number[], stratum: readonly number[]): Stratum {
  const cells = Int32Array.from(stratum.filter((cell) => (counts[cell] ?? 0) > 0))
  const total = totalOf(counts, stratum)
  const shares = new Float64Array(cells.length)
  let mass = total
  cells.forEach((cell, i) => {
    const count = counts[cell] ?? 0
    shares[i] = count / mass
    mass -= count
  })
  return { total, cells, shares }
}

/** One multinomial draw of a stratum, as a chain of binomials. */
function drawStratum(drawn: Float64Array, stratum: Stratum, random: RandomSource): void {
  const { cells, shares } = stratum
  const last = cells.length - 1
  let left = stratum.total
  for (let i = 0; i < last; i++) {
    const count = drawBinomial(left, shares[i] ?? 0, random)
    drawn[cells[i] ?? 0] = count
    left -= count
  }
  if (last >= 0) drawn[cells[last] ?? 0] = left
}

/**
 * A function that draws the counts of one bootstrap resample into `drawn`: multinomial, as a chain of binomials (exact
 * law; Davis 1993), so that a resample costs the number of cells and not of examples.
 */
export function multinomialDraw(
  input: Omit<CellResampling, 'resamples'>,
  drawn: Float64Array,
): () => void {
  const { counts, random } = input
  const strata = strataOf(counts, input.strata).map((stratum) => prepareStratum(counts, stratum))
  drawn.set(counts)
  return () => {
    for (const stratum of strata) drawStratum(drawn, stratum, random)
  }
}

/**
 * The statistic of bootstrap resamples of examples that are known by their cells. With `strata` each group is resampled on
 * its own. `statistic` gets an array that is used again for the next resample; it may return NaN where it does not exist.
 */
export function multinomialReplicates(
  input: CellResampling,
  statistic: CellStatistic,
): Float64Array {
  const cells = new Float64Array(input.counts.length)
  const next = multinomialDraw(input, cells)
  const replicates = new Float64Array(input.resamples)
  for (let resample = 0; resample < input.resamples; resample++) {
    next()
    replicates[resample] = statistic(cells)
  }
  return replicates
}

/** What a jackknife over cells needs. */
export interface CellCounts {
  readonly counts: readonly number[]
  readonly strata?: readonly (readonly number[])[] | undefined
}

/**
 * The jackknife of examples that are known by their cells: all examples of a cell have the same leave-one-out value,
 * so one value a cell with its count as weight. One group a stratum; empty cells have weight 0.
 */
export function cellJackknife(input: CellCounts, statistic: CellStatistic): JackknifeGroup[] {
  const cells = Float64Array.from(input.counts)
  return strataOf(input.counts, input.strata).map((stratum) => {
    const weights = Float64Array.from(stratum, (cell) => input.counts[cell] ?? 0)
    const values = Float64Array.from(stratum, (cell, i) => {
      if (weights[i] === 0) return 0
      cells[cell] = (cells[cell] ?? 0) - 1
      const value = statistic(cells)
      cells[cell] = (cells[cell] ?? 0) + 1
      return value
    })
    return { values, weights }
  })
}

/** The acceleration for `bcaInterval`; undefined where a leave-one-out value does not exist or none differs. */
export function cellAcceleration(
  counts: readonly number[],
  strata: readonly (readonly number[])[] | undefined,
  statistic: CellStatistic,
): number | undefined {
  return jackknifeAcceleration(cellJackknife({ counts, strata }, statistic))
}
