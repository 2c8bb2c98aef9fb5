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

/** Rows, or clusters of them, that are drawn as one. */
export interface ResampledUnits {
  /** Number of rows. */
  readonly n: number
  /** Row numbers, unit after unit. */
  readonly rows: Int32Array
  /** Unit `u` has the rows from `starts[u]` up to `starts[u + 1]` of `rows`; absent where each has one. */
  readonly starts: Int32Array | undefined
  /** The stratum of each unit; each stratum keeps its number of units. Any whole numbers. */
  readonly strata?: Int32Array | undefined
}

/** How many units there are. */
export function unitCount({ rows, starts }: ResampledUnits): number {
  return starts === undefined ? rows.length : starts.length - 1
}

/** The units of each stratum. */
function unitsByStratum(units: number, strata: Int32Array): Int32Array[] {
  const groups = new Map<number, number[]>()
  for (let unit = 0; unit < units; unit++) {
    const stratum = strata[unit] ?? 0
    const members = groups.get(stratum)
    if (members === undefined) groups.set(stratum, [unit])
    else members.push(unit)
  }
  return [...groups.values()].map((members) => Int32Array.from(members))
}

function drawRows(weights: Int32Array, rows: Int32Array, random: RandomSource): void {
  for (let draw = 0; draw < rows.length; draw++) {
    const row = rows[random.below(rows.length)] ?? 0
    weights[row] = (weights[row] ?? 0) + 1
  }
}

interface ClusterDraw {
  readonly rows: Int32Array
  readonly starts: Int32Array
  readonly members: Int32Array
}

function drawClusters(weights: Int32Array, draw: ClusterDraw, random: RandomSource): void {
  const { rows, starts, members } = draw
  for (let k = 0; k < members.length; k++) {
    const unit = members[random.below(members.length)] ?? 0
    const end = starts[unit + 1] ?? 0
    for (let i = starts[unit] ?? 0; i < end; i++) {
      const row = rows[i] ?? 0
      weights[row] = (weights[row] ?? 0) + 1
    }
  }
}

/** A function that adds one resample to the rows' weights. */
function unitDraw(units: ResampledUnits, random: RandomSource): (weights: Int32Array) => void {
  const { rows, starts, strata } = units
  const count = unitCount(units)
  const all = Int32Array.from({ length: count }, (_, unit) => unit)
  const groups = strata === undefined ? [all] : unitsByStratum(count, strata)
  if (starts === undefined) {
    const drawn = groups.map((group) => group.map((unit) => rows[unit] ?? 0))
    return (weights) => {
      for (const group of drawn) drawRows(weights, group, random)
    }
  }
  return (weights) => {
    for (const members of groups) drawClusters(weights, { rows, starts, members }, random)
  }
}

/**
 * Statistics of bootstrap resamples of rows (Efron 1979) or clusters (Davison & Hinkley 1997, section 3.8), given as the rows'
 * multiplicities so that no row is copied: a statistic over sorted scores sorts once. All statistics see the same
 * resamples; one array each. Each resample costs n draws: a statistic of sums over many rows is far cheaper by
 * `sumDraw`, one of a few kinds of rows by `multinomialReplicates`. No rows -> each replicate is the statistic of nothing.
 */
export function unitReplicates(
  input: {
    readonly units: ResampledUnits
    readonly resamples: number
    readonly random: RandomSource
  },
  statistics: readonly RowStatistic[],
): Float64Array[] {
  const { units, resamples, random } = input
  const draw = unitDraw(units, random)
  const weights = new Int32Array(units.n)
  const replicates = statistics.map(() => new Float64Array(resamples))
  for (let resample = 0; resample < resamples; resample++) {
    weights.fill(0)
    draw(weights)
    for (let k = 0; k < statistics.length; k++) {
      const into = replicates[k]
      if (into !== undefined) into[resample] = statistics[k]?.(weights) ?? Number.NaN
    }
  }
  return replicates
}

/** The same of single rows, for one statistic. */
export function rowReplicates(input: RowResampling, statistic: RowStatistic): Float64Array {
  const { n, resamples, random, strata } = input
  const rows = Int32Array.from({ length: n }, (_, row) => row)
  const units = { n, rows, starts: undefined, strata }
  return unitReplicates({ units, resamples, random }, [statistic])[0] ?? new Float64Array()
}
