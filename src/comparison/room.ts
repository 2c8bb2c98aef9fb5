/**
 * Memory for the numbers of one column at a time, which the next column has again: what each would take anew is garbage that waits long
 * to be collected, and pages that the system has to clear.
 */
export class Room {
  #free: Float64Array[] = []
  #taken: Float64Array[] = []

  /** So many numbers, whatever they were. */
  numbers(length: number): Float64Array {
    return this.#take(length).subarray(0, length)
  }

  /** So many codes, whatever they were. */
  codes(length: number): Int32Array {
    return new Int32Array(this.#take(Math.ceil(length / 2)).buffer, 0, length)
  }

  /** What was taken is free again: nobody may ask for it any more. */
  empty(): void {
    this.#free.push(...this.#taken)
    this.#taken = []
  }

  #take(length: number): Float64Array {
    const fits = this.#free.findIndex((buffer) => buffer.length >= length)
    // One that is too small gives its place to one that is not.
    const [found] = this.#free.splice(Math.max(0, fits), 1)
    const buffer = fits >= 0 && found !== undefined ? found : new Float64Array(length)
    this.#taken.push(buffer)
    return buffer
  }
}
