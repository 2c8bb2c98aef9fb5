import type { RandomSource } from '../random.js'
import { sortFinite } from '../sort.js'
import { addRun, createKll, type KllSketch, kllRankError, mergeKll } from './kll.js'
import { type Moments, mergeMoments, momentsOf, NO_MOMENTS } from './moments.js'
import { mergeWeighted, type WeightedValues, weightedOf } from './weighted.js'

/** Values that are sorted at once. */
const BLOCK = 1 << 16
/** As long as a column has no more distinct values, each is counted. */
const MOST_DISTINCT = 1 << 16
/** A value that is this share of a block is counted by itself from there on. */
const HEAVY = 1 / 256
/** And so many of them at most. */
const MOST_HEAVY = 4096

export interface SketchOptions {
  /** Values that the largest level of the sketch holds; it takes about 40 bytes of memory for each. */
  readonly k: number
  readonly random: RandomSource
}

/** What a sketch has found out about a column of numbers. */
export interface SketchedNumbers extends WeightedValues {
  readonly rows: number
  readonly missing: number
  readonly infinities: number
  /** Of these. */
  readonly negativeInfinities: number
  readonly moments: Moments
  /** How far, as a share of the finite values, any rank may be off: 0 where all values were counted. */
  readonly rankError: number
  /** Whether the column had no value twice, as far as blocks of 65,536 values show. */
  readonly allDiffer: boolean
}

/**
 * A column of numbers in bounded memory: up to 65,536 distinct values with their counts, exactly; of more, those that are
 * frequent exactly, and the others in a KLL sketch. Rows, missing and infinite cells, moments, and both ends are exact.
 */
export class NumericSketch {
  readonly #options: SketchOptions
  readonly #kll: KllSketch
  /** All values so far while `#isExact`; then those that are frequent. */
  #counted = new Map<number, number>()
  #isExact = true
  #block = new Float64Array(0)
  #filled = 0
  #rows = 0
  #missing = 0
  #infinities = 0
  #negativeInfinities = 0
  #moments: Moments = NO_MOMENTS
  #allDiffer = true

  constructor(options: SketchOptions) {
    this.#options = options
    this.#kll = createKll(options.k)
  }

  /** Adds the next cells: NaN where missing. */
  add(values: Float64Array): void {
    this.#rows += values.length
    if (this.#block.length === 0) this.#block = new Float64Array(BLOCK)
    for (let from = 0; from < values.length; ) {
      const part = values.subarray(from, from + BLOCK - this.#filled)
      this.#block.set(part, this.#filled)
      this.#filled += part.length
      from += part.length
      if (this.#filled === BLOCK) this.#flush()
    }
  }

  addMissing(cells: number): void {
    this.#rows += cells
    this.#missing += cells
  }

  /** Adds all that another sketch was given. */
  merge(other: NumericSketch): void {
    this.#flush()
    other.#flush()
    this.#rows += other.#rows
    this.#missing += other.#missing
    this.#infinities += other.#infinities
    this.#negativeInfinities += other.#negativeInfinities
    this.#moments = mergeMoments(this.#moments, other.#moments)
    this.#allDiffer &&= other.#allDiffer
    if (!other.#isExact) this.#giveUpCounting()
    mergeKll(this.#kll, other.#kll, this.#options.random)
    for (const [value, count] of other.#counted) this.#count(value, count)
    this.#limitCounted()
  }

  finish(): SketchedNumbers {
    this.#flush()
    const { count } = this.#moments
    return {
      ...this.#weighted(),
      rows: this.#rows,
      missing: this.#missing,
      infinities: this.#infinities,
      negativeInfinities: this.#negativeInfinities,
      moments: this.#moments,
      rankError: kllRankError(this.#kll, count),
      allDiffer: count > 0 && this.#allDiffer,
    }
  }

  #weighted(): WeightedValues {
    let all = sortedEntries(this.#counted)
    for (const [level, run] of this.#kll.levels.entries()) {
      const { values, counts } = weightedOf(run)
      all = mergeWeighted(all, { values, counts: counts.map((count) => count * 2 ** level) })
    }
    return withEnds(all, this.#moments)
  }

  #flush(): void {
    const block = this.#block.subarray(0, this.#filled)
    if (block.length === 0) return
    this.#filled = 0
    const { sorted, missing, positiveInfinities, negativeInfinities } = sortFinite(block)
    this.#missing += missing
    this.#infinities += positiveInfinities + negativeInfinities
    this.#negativeInfinities += negativeInfinities
    this.#moments = mergeMoments(this.#moments, momentsOf(sorted))
    const runs = weightedOf(sorted)
    if (runs.values.length < sorted.length) this.#allDiffer = false
    if (this.#isExact && !this.#hasRoom(runs)) this.#giveUpCounting()
    if (this.#isExact) this.#countAll(runs)
    else this.#take(sorted, runs)
  }

  #hasRoom({ values }: WeightedValues): boolean {
    let left = MOST_DISTINCT - this.#counted.size
    if (values.length <= left) return true
    for (let i = 0; i < values.length && left >= 0; i++) {
      if (!this.#counted.has(values[i] ?? 0)) left--
    }
    return left >= 0
  }

  #countAll({ values, counts }: WeightedValues): void {
    for (let i = 0; i < values.length; i++) this.#count(values[i] ?? 0, counts[i] ?? 0)
  }

  #count(value: number, count: number): void {
    this.#counted.set(value, (this.#counted.get(value) ?? 0) + count)
  }

  #limitCounted(): void {
    if (this.#isExact && this.#counted.size > MOST_DISTINCT) this.#giveUpCounting()
    else if (!this.#isExact && this.#counted.size > MOST_HEAVY) this.#keepHeavy()
  }

  #giveUpCounting(): void {
    if (!this.#isExact) return
    this.#isExact = false
    this.#keepHeavy()
  }

  /** Moves counted values that are not frequent into the sketch, by runs of the same power of two. */
  #keepHeavy(): void {
    const { random } = this.#options
    const { values, counts } = sortedEntries(this.#counted)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const least = Math.max(2, total * HEAVY)
    this.#counted = new Map()
    for (let i = 0; i < values.length; i++) {
      const count = counts[i] ?? 0
      if (count >= least) this.#counted.set(values[i] ?? 0, count)
    }
    for (let bit = 0; 2 ** bit < least; bit++) {
      const run = values.filter((_, i) => {
        const count = counts[i] ?? 0
        return count < least && Math.floor(count / 2 ** bit) % 2 === 1
      })
      addRun(this.#kll, run, { level: bit, random })
    }
  }

  /** What is or becomes frequent is counted, the rest is sketched. */
  #take(sorted: Float64Array, { values, counts }: WeightedValues): void {
    const least = BLOCK * HEAVY
    let kept = 0
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? 0
      const count = counts[i] ?? 0
      if (count >= least || (this.#counted.size > 0 && this.#counted.has(value))) {
        this.#count(value, count)
      } else {
        sorted.fill(value, kept, kept + count)
        kept += count
      }
    }
    const { random } = this.#options
    addRun(this.#kll, sorted.subarray(0, kept), { level: 0, random })
    this.#limitCounted()
  }
}

function sortedEntries(counted: ReadonlyMap<number, number>): WeightedValues {
  const values = Float64Array.from(counted.keys()).sort()
  return { values, counts: values.map((value) => counted.get(value) ?? 0) }
}

/** The smallest and the largest value are known: they take one of the count of what is nearest to them. */
function withEnds(all: WeightedValues, { count, min, max }: Moments): WeightedValues {
  if (count === 0) return all
  const { values, counts } = all
  const end = (value: number, at: number): WeightedValues => {
    if (values[at] === value) return NO_VALUES
    counts[at] = (counts[at] ?? 0) - 1
    return { values: Float64Array.of(value), counts: Float64Array.of(1) }
  }
  const ends = [end(min, 0), end(max, values.length - 1)]
  return ends.reduce(mergeWeighted, withoutNone(all))
}

const NO_VALUES: WeightedValues = { values: new Float64Array(0), counts: new Float64Array(0) }

function withoutNone({ values, counts }: WeightedValues): WeightedValues {
  return {
    values: values.filter((_, i) => (counts[i] ?? 0) > 0),
    counts: counts.filter((count) => count > 0),
  }
}
