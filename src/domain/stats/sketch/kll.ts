import type { RandomSource } from '../random.js'

/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost of a value. */
const BEYOND = Number.POSITIVE_INFINITY

/** Each level below the highest holds this share of the one above it. */
const SHRINK = 2 / 3

/** A level holds at least this share of `k`, so that the small ones are not compacted for every few values. */
const LEAST = 1 / 8

/**
 * A quantile sketch (Karnin, Lang & Liberty 2016, FOCS, arXiv:1603.05346) that is given sorted runs. A value of level h
 * stands for 2^h values. A level that is full is halved: of its sorted values every second one goes on, from the first or
 * the second as a coin falls. Each halving of level h moves the rank of a value by 2^h or not at all, up or down
 * alike, independently of the others.
 */
export interface KllSketch {
  readonly k: number
  /** Sorted values of each level. */
  readonly levels: Float64Array[]
  /** The sum of 4^h over all halvings. */
  variance: number
}

export function createKll(k: number): KllSketch {
  return { k, levels: [], variance: 0 }
}

/** Adds sorted values, each of which stands for 2^level. */
export function addRun(
  sketch: KllSketch,
  run: Float64Array,
  { level, random }: { readonly level: number; readonly random: RandomSource },
): void {
  if (run.length === 0) return
  while (sketch.levels.length <= level) sketch.levels.push(new Float64Array(0))
  sketch.levels[level] = mergeSorted(sketch.levels[level] ?? run.subarray(0, 0), run)
  compact(sketch, random)
}

/** Adds all of another sketch, which is left as it is. */
export function mergeKll(sketch: KllSketch, other: KllSketch, random: RandomSource): void {
  sketch.variance += other.variance
  for (const [level, run] of other.levels.entries()) addRun(sketch, run, { level, random })
}

/**
 * How far, as a share of `total` values, the rank of any value may be off: with probability 99% none is further, whatever
 * the values are. For one value that is Hoeffding's inequality over the halvings, for all of them Bonferroni's over a
 * grid of ranks, between which ranks only grow. 0 where nothing was halved.
 */
export function kllRankError({ variance }: KllSketch, total: number): number {
  if (variance === 0 || total === 0) return 0
  let atOne = Math.sqrt(variance) / total
  for (let round = 0; round < 4; round++) {
    const ranks = Math.max(1, GRID / atOne)
    atOne = Math.sqrt(2 * variance * Math.log((2 * ranks) / RISK)) / total
  }
  return Math.min(1, atOne * (1 + 1 / GRID))
}

const RISK = 0.01
/** How much finer than the error the grid of ranks is. */
const GRID = 10

function compact(sketch: KllSketch, random: RandomSource): void {
  for (let level = 0; level < sketch.levels.length; level++) {
    const values = sketch.levels[level] ?? new Float64Array(0)
    if (values.length <= capacity(sketch, level)) continue
    sketch.levels[level + 1] ??= new Float64Array(0)
    const odd = values.length % 2
    const start = odd + (random.next() < 0.5 ? 0 : 1)
    const half = new Float64Array((values.length - odd) / 2)
    for (let i = 0; i < half.length; i++) half[i] = values[start + 2 * i] ?? 0
    // Of an odd number the smallest stays, whose rank is then as it was.
    sketch.levels[level] = values.slice(0, odd)
    sketch.levels[level + 1] = mergeSorted(sketch.levels[level + 1] ?? half.subarray(0, 0), half)
    sketch.variance += 4 ** level
  }
}

function capacity({ k, levels }: KllSketch, level: number): number {
  return Math.ceil(k * Math.max(LEAST, SHRINK ** (levels.length - 1 - level)))
}

function mergeSorted(a: Float64Array, b: Float64Array): Float64Array {
  if (a.length === 0) return b.slice()
  const merged = new Float64Array(a.length + b.length)
  let i = 0
  let j = 0
  for (let at = 0; at < merged.length; at++) {
    const left = a[i] ?? BEYOND
    const right = b[j] ?? BEYOND
    if (left <= right && i < a.length) {
      merged[at] = left
      i++
    } else {
      merged[at] = right
      j++
    }
  }
  return merged
}
