/** First in, first out. Taking the first of a long array moves all others each time. */
export class Queue<T> {
  #items: T[] = []
  #taken = 0

  get length(): number {
    return this.#items.length - this.#taken
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    const item = this.#items[this.#taken++]
    if (this.length <= 0) {
      this.#items = []
      this.#taken = 0
    }
    return item
  }

  /** Leaves those for which it holds, and gives all that there were. */
  keep(holds: (item: T) => boolean): readonly T[] {
    const all = this.#items.slice(this.#taken)
    this.#items = all.filter(holds)
    this.#taken = 0
    return all
  }
}
