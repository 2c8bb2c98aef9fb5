/**
 * The runs of equal values of two sorted samples together, ascending: `next` goes to the next one, from index i of the first sample up to
 * before nextA and from j of the second up to before nextB. One object for all runs, since there are as many as values.
 */
export class EqualRuns {
  i = 0
  j = 0
  nextA = 0
  nextB = 0
  value = 0
  readonly #a: Float64Array
  readonly #b: Float64Array

  constructor(a: Float64Array, b: Float64Array) {
    this.#a = a
    this.#b = b
  }

  /** False after the last run. */
  next(): boolean {
    const i = this.nextA
    const j = this.nextB
    this.i = i
    this.j = j
    if (i >= this.#a.length && j >= this.#b.length) return false
    const fromA = i < this.#a.length ? (this.#a[i] ?? 0) : Number.POSITIVE_INFINITY
    const fromB = j < this.#b.length ? (this.#b[j] ?? 0) : Number.POSITIVE_INFINITY
    this.value = fromA < fromB ? fromA : fromB
    this.nextA = skipEqual(this.#a, i, this.value)
    this.nextB = skipEqual(this.#b, j, this.value)
    return true
  }
}

/** The first index from `start` on whose value is not `value`: steps over a run of ties in a sorted array. */
export function skipEqual(sorted: Float64Array, start: number, value: number): number {
  let index = start
  while (index < sorted.length && sorted[index] === value) index++
  return index
}
