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

interface StratumDraw {
  readonly cells: Float64Array
  readonly counts: readonly number[]
  readonly stratum: readonly number[]
  readonly total: number
}

/** One multinomial draw of a stratum, as a chain of binomials: each cell's share of what is left. */
function drawStratum({ cells, counts, stratum, total }: StratumDraw, random: RandomSource): void {
  let left = total
  let mass = total
  for (const cell of stratum) {
    const count = counts[cell] ?? 0
    const drawn = left === 0 || count === 0 ? 0 : drawBinomial(left, count / mass, random)
    cells[cell] = drawn
    left -= drawn
    mass -= count
  }
}

/**
 * The statistic of bootstrap resamples of examples that are known by their cells: the counts of a resample are
 * multinomial, drawn as a chain of binomials (exact law; Davis 1993), so a resample costs the number of cells and not
 * of examples. With `strata` each group is resampled on its own. `statistic` gets an array that is used again for the
 * next resample; it may return NaN where it does not exist.
 */
export function multinomialReplicates(
  input: CellResampling,
  statistic: CellStatistic,
): Float64Array {
  const { counts, resamples, random } = input
  const cells = Float64Array.from(counts)
  const draws = strataOf(counts, input.strata).map((stratum) => ({
    cells,
    counts,
    stratum,
    total: totalOf(counts, stratum),
  }))
  const replicates = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    for (const draw of draws) drawStratum(draw, random)
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
