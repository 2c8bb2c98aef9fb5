import type { RandomSource } from './random.js'

/** How often each row is in a resample: whole numbers whose sum is n. Used again for the next resample. */
export type RowStatistic = (weights: Int32Array) => number

export interface RowResampling {
  /** Number of rows, or of clusters where whole clusters are resampled and the statistic spreads their weight. */
  readonly n: number
  readonly resamples: number
  readonly random: RandomSource
  /** The stratum of each row; each stratum keeps its size. Any whole numbers. */
  readonly strata?: Int32Array | undefined
}

/** The rows of each stratum. */
function rowsByStratum(n: number, strata: Int32Array): Int32Array[] {
  const groups = new Map<number, number[]>()
  for (let row = 0; row < n; row++) {
    const stratum = strata[row] ?? 0
    const rows = groups.get(stratum)
    if (rows === undefined) groups.set(stratum, [row])
    else rows.push(row)
  }
  return [...groups.values()].map((rows) => Int32Array.from(rows))
}

function drawAll(weights: Int32Array, random: RandomSource): void {
  const n = weights.length
  for (let draw = 0; draw < n; draw++) {
    const row = random.below(n)
    weights[row] = (weights[row] ?? 0) + 1
  }
}

function drawFrom(weights: Int32Array, rows: Int32Array, random: RandomSource): void {
  for (let draw = 0; draw < rows.length; draw++) {
    const row = rows[random.below(rows.length)] ?? 0
    weights[row] = (weights[row] ?? 0) + 1
  }
}

/**
 * The statistic of bootstrap resamples of rows (Efron 1979), given as multiplicities so that no row is copied: a
 * statistic over sorted scores sorts once. Each resample costs n draws; a statistic of a few kinds of rows is far
 * cheaper by `multinomialReplicates`. No rows -> each replicate is the statistic of nothing.
 */
export function rowReplicates(input: RowResampling, statistic: RowStatistic): Float64Array {
  const { n, resamples, random } = input
  const groups = input.strata === undefined ? undefined : rowsByStratum(n, input.strata)
  const weights = new Int32Array(n)
  const replicates = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    weights.fill(0)
    if (groups === undefined) drawAll(weights, random)
    else for (const rows of groups) drawFrom(weights, rows, random)
    replicates[resample] = statistic(weights)
  }
  return replicates
}
