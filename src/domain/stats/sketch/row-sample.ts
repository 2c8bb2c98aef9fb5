import type { RandomSource } from '../random.js'

/**
 * So many rows of a stream, drawn at random without replacement: each row has a random key, and those of the smallest keys
 * are kept, so that two samples can be joined.
 */
export class TextSample {
  readonly #size: number
  readonly #random: RandomSource
  #rows: { readonly text: string; readonly key: number }[] = []
  #limit = Number.POSITIVE_INFINITY

  constructor(size: number, random: RandomSource) {
    this.#size = size
    this.#random = random
  }

  /** The next `count` rows, all with this text. */
  add(text: string, count: number): void {
    for (let i = 0; i < count; i++) this.#keep(text, this.#random.next())
  }

  merge(other: TextSample): void {
    for (const { text, key } of other.#rows) this.#keep(text, key)
  }

  /** How often each text was drawn, in order of the keys. */
  counts(): Map<string, number> {
    this.#cut()
    const counts = new Map<string, number>()
    for (const { text } of this.#rows) counts.set(text, (counts.get(text) ?? 0) + 1)
    return counts
  }

  #keep(text: string, key: number): void {
    if (key >= this.#limit) return
    this.#rows.push({ text, key })
    if (this.#rows.length >= 2 * this.#size) this.#cut()
  }

  #cut(): void {
    this.#rows.sort((a, b) => a.key - b.key)
    if (this.#rows.length < this.#size) return
    this.#rows.length = this.#size
    this.#limit = this.#rows[this.#size - 1]?.key ?? this.#limit
  }
}
