/** Literals at least this long are worth a call into the engine. */
const LONG = 48

/**
 * Decompresses a Snappy block (format_description.txt of google/snappy) into `output`, which must have its exact length.
 * Throws a plain Error when the bytes are not such a block: the caller knows the column. Pages of random numbers are mostly
 * long literals, which are copied as a whole.
 */
export function decompressSnappy(input: Uint8Array, output: Uint8Array): void {
  const block = new SnappyBlock(input, output)
  while (block.hasMore) block.next()
  if (!block.isFull) throw new Error('the compressed bytes end too early')
}

class SnappyBlock {
  readonly #input: Uint8Array
  readonly #output: Uint8Array
  #at: number
  #out = 0

  constructor(input: Uint8Array, output: Uint8Array) {
    this.#input = input
    this.#output = output
    this.#at = afterLength(input, output.length)
  }

  get hasMore(): boolean {
    return this.#at < this.#input.length
  }

  get isFull(): boolean {
    return this.#out === this.#output.length
  }

  /** One literal, or one copy of bytes that were written before. */
  next(): void {
    const tag = this.#input[this.#at++] as number
    const kind = tag & 3
    if (kind === 0) this.#literal(tag >>> 2)
    else if (kind === 1) {
      const low = this.#input[this.#at++] ?? Number.NaN
      this.#copy(low + (tag >>> 5) * 256, ((tag >>> 2) & 7) + 4)
    } else this.#copy(this.#number(kind === 2 ? 2 : 4), (tag >>> 2) + 1)
  }

  #literal(code: number): void {
    const length = 1 + (code < 60 ? code : this.#number(code - 59))
    const from = this.#at
    const to = this.#out
    // Of NaN, where the length itself is cut off, neither is true.
    if (!(from + length <= this.#input.length && to + length <= this.#output.length)) {
      throw new Error('a literal is too long')
    }
    if (length >= LONG) this.#output.set(this.#input.subarray(from, from + length), to)
    else {
      const input = this.#input
      const output = this.#output
      for (let i = 0; i < length; i++) output[to + i] = input[from + i] as number
    }
    this.#at += length
    this.#out += length
  }

  #copy(offset: number, length: number): void {
    const output = this.#output
    const from = this.#out
    const end = from + length
    if (!(offset > 0 && offset <= from && end <= output.length)) {
      throw new Error('a copy refers to bytes that are not there')
    }
    // Byte by byte: a copy may overlap what it writes, which then repeats.
    for (let i = from; i < end; i++) output[i] = output[i - offset] as number
    this.#out = end
  }

  /** A little-endian number; NaN behind the end. */
  #number(bytes: number): number {
    const input = this.#input
    const at = this.#at
    this.#at += bytes
    if (this.#at > input.length) return Number.NaN
    let value = 0
    let unit = 1
    for (let i = at; i < this.#at; i++) {
      value += (input[i] as number) * unit
      unit *= 256
    }
    return value
  }
}

/** The position behind the length in front, which must be what the page's header says. */
function afterLength(input: Uint8Array, expected: number): number {
  let length = 0
  for (let at = 0; at < 5; at++) {
    const byte = input[at]
    if (byte === undefined) break
    length += (byte & 127) * 128 ** at
    if (byte >= 128) continue
    if (length === expected) return at + 1
    break
  }
  throw new Error('the compressed bytes are of another length')
}
