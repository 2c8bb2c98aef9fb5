import type { CellCounts } from '../../stats/shares.js'
import { normalQuantile } from '../../stats/special/normal.js'
import type { Noise } from './noise.js'

/** What one cell adds to a distance. */
export interface CellTerm {
  readonly of: (referenceShare: number, currentShare: number) => number
  /** Whether it grows, near equality, with the difference of the shares or with its square. */
  readonly order: 1 | 2
  /** What multiplies that difference's square, in its own variance (order 2), or the difference itself (order 1). */
  readonly factor: number
}

/** Up to this pooled count a cell's term is averaged over every way to split it. */
const ENUMERATED = 64

interface Sizes {
  readonly reference: number
  readonly current: number
}

/**
 * Mean and upper quantile of a sum over cells when both samples come from one distribution. Given the pooled count c of
 * a cell, its current part is Binomial(c, m / (n + m)); the moments of the term are those over all splits where c is
 * small, where the usual chi-square limit fails, and otherwise those over nine equally likely splits of the normal
 * limit. The samples' fixed sizes take one cell's freedom: of squares their share of mean and variance, of absolute
 * differences the root of it from the mean. The sum is matched to a gamma distribution by its first two
 * moments (Satterthwaite 1946, Biometrics Bulletin 2:110-114), whose quantile is Wilson & Hilferty's (1931).
 */
export function sumOfCells(counts: CellCounts, term: CellTerm, alpha: number): Noise | undefined {
  const sizes = { reference: sumOf(counts.reference), current: sumOf(counts.current) }
  if (sizes.reference === 0 || sizes.current === 0) return undefined
  const cells = countsOfCounts(counts)
  const used = [...cells.values()].reduce((sum, count) => sum + count, 0)
  if (used < 2) return { centre: 0, floor: 0, open: 0 }
  let mean = 0
  let variance = 0
  for (const [pooled, times] of cells) {
    const moments = momentsOf(pooled, sizes, term)
    mean += times * moments.mean
    variance += times * moments.variance
  }
  const freedom = (used - 1) / used
  const centre = mean * (term.order === 1 ? Math.sqrt(freedom) : freedom)
  const spread = term.order === 1 ? variance : variance * freedom
  const filled = Math.max(
    spread,
    filledVariance(term, used, 1 / sizes.reference + 1 / sizes.current),
  )
  const floor = gammaQuantile(centre, spread, alpha)
  return { centre, floor, open: gammaQuantile(centre, filled, alpha) }
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** How many cells have each pooled count. */
function countsOfCounts({ reference, current }: CellCounts): Map<number, number> {
  const cells = new Map<number, number>()
  for (let i = 0; i < reference.length; i++) {
    const pooled = (reference[i] ?? 0) + (current[i] ?? 0)
    if (pooled > 0) cells.set(pooled, (cells.get(pooled) ?? 0) + 1)
  }
  return cells
}

interface Moments {
  readonly mean: number
  readonly variance: number
}

function momentsOf(pooled: number, sizes: Sizes, term: CellTerm): Moments {
  const share = sizes.current / (sizes.reference + sizes.current)
  const value = (part: number) => term.of((pooled - part) / sizes.reference, part / sizes.current)
  const splits = pooled <= ENUMERATED ? binomialSplits(pooled, share) : normalSplits(pooled, share)
  let mean = 0
  let square = 0
  for (const { part, weight } of splits) {
    const found = value(part)
    mean += weight * found
    square += weight * found * found
  }
  return { mean, variance: Math.max(0, square - mean * mean) }
}

interface Split {
  readonly part: number
  readonly weight: number
}

function binomialSplits(pooled: number, share: number): Split[] {
  const splits: Split[] = []
  let weight = (1 - share) ** pooled
  // With a share so near to 1 that this vanishes every cell of the current data is full.
  if (weight === 0) return normalSplits(pooled, share)
  for (let part = 0; part <= pooled; part++) {
    splits.push({ part, weight })
    weight *= ((pooled - part) / (part + 1)) * (share / (1 - share))
  }
  return splits
}

/** Nodes and weights of nine-point Gauss-Hermite quadrature for the standard normal: exact to the 17th moment. */
const NODES: readonly Split[] = [
  { part: 0, weight: 0.4063492063492064 },
  { part: 1.0232556637891326, weight: 0.2440975028949393 },
  { part: 2.0768479786778302, weight: 0.04991640676521788 },
  { part: 3.20542900285647, weight: 0.002789141321231769 },
  { part: 4.512745863399783, weight: 0.00002234584400774657 },
]

function normalSplits(pooled: number, share: number): Split[] {
  const mean = pooled * share
  const deviation = Math.sqrt(pooled * share * (1 - share))
  return NODES.flatMap(({ part: node, weight }) => {
    const at = (z: number) => Math.min(pooled, Math.max(0, mean + z * deviation))
    if (node === 0) return [{ part: at(0), weight }]
    return [
      { part: at(node), weight },
      { part: at(-node), weight },
    ]
  })
}

/**
 * The variance of the sum were every cell well filled. Cells that hold one value each can be split in two ways of the same
 * distance: their own variance is none, which is not knowing rather than certainty.
 */
function filledVariance({ order, factor }: CellTerm, cells: number, inverse: number): number {
  if (order === 1) return factor * factor * (1 - 2 / Math.PI) * inverse
  return 2 * (cells - 1) * (factor * inverse) ** 2
}

function gammaQuantile(mean: number, variance: number, alpha: number): number {
  if (!(mean > 0) || !(variance > 0)) return Math.max(0, mean)
  const degrees = (2 * mean * mean) / variance
  const part = 2 / (9 * degrees)
  return mean * Math.max(0, 1 - part + normalQuantile(1 - alpha) * Math.sqrt(part)) ** 3
}
