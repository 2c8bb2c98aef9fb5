import type { RandomSource } from '../random.js'
import { TextSample } from './row-sample.js'

/** What a text takes beside its characters: an entry of a map and a header. */
const BYTES_A_TEXT = 100

export interface CategoryOptions {
  /** What the texts may take, in bytes, before rows are drawn instead. */
  readonly bytes: number
  /** Rows that are drawn then. */
  readonly sample: number
  readonly random: RandomSource
}

/** What a sketch has found out about a column of categories. */
export interface SketchedCategories {
  readonly rows: number
  readonly missing: number
  /** Only categories that occur, in order of first appearance. */
  readonly categories: readonly string[]
  readonly counts: Float64Array
  /** Whether the counts are those of rows drawn at random, since there were too many different texts. */
  readonly isSample: boolean
}

/**
 * Counts categories, exactly while they fit. Of a column with more different texts a uniform sample of its rows is kept:
 * counts with a one-sided error, as Misra & Gries 1982 or Metwally, Agrawal & El Abbadi 2005 keep them, have lost what is
 * rare, and every test of them would find drift; a smaller sample has the distribution of the column.
 */
export class CategorySketch {
  readonly #options: CategoryOptions
  #counts = new Map<string, number>()
  #bytes = 0
  #sample: TextSample | undefined
  #rows = 0
  #missing = 0

  constructor(options: CategoryOptions) {
    this.#options = options
  }

  /** Adds rows: how many have each category, and how many have none. */
  add(counts: Iterable<readonly [string, number]>, missing: number): void {
    this.#rows += missing
    this.#missing += missing
    for (const [text, count] of counts) {
      this.#rows += count
      if (this.#sample === undefined) this.#count(text, count)
      else this.#sample.add(text, count)
    }
  }

  /** Adds all that another sketch was given. */
  merge(other: CategorySketch): void {
    const rows = this.#rows + other.#rows
    if (other.#sample !== undefined) this.#draw().merge(other.#sample)
    this.add(other.#counts, other.#missing)
    this.#rows = rows
  }

  finish(): SketchedCategories {
    const counts = this.#sample?.counts() ?? this.#counts
    return {
      rows: this.#rows,
      missing: this.#missing,
      categories: [...counts.keys()],
      counts: Float64Array.from(counts.values()),
      isSample: this.#sample !== undefined,
    }
  }

  #count(text: string, count: number): void {
    const before = this.#counts.get(text)
    this.#counts.set(text, (before ?? 0) + count)
    if (before !== undefined) return
    this.#bytes += BYTES_A_TEXT + 2 * text.length
    if (this.#bytes > this.#options.bytes) this.#draw()
  }

  /** From here on rows are drawn; those counted so far are drawn from, too. */
  #draw(): TextSample {
    if (this.#sample !== undefined) return this.#sample
    const { sample: size, random } = this.#options
    const sample = new TextSample(size, random)
    for (const [text, count] of this.#counts) sample.add(text, count)
    this.#counts = new Map()
    this.#sample = sample
    return sample
  }
}
