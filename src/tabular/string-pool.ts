import { Buffer, isUtf8 } from 'node:buffer'
import { BYTES_A_TEXT } from './reading-limit.js'

/**
 * Distinct byte strings, numbered in order of first appearance. Cells are compared as bytes, so that a
 * JavaScript string is made once for each distinct value, never for each cell.
 */
export class StringPool {
  #slots = new Int32Array(256).fill(-1)
  #hashes = new Int32Array(128)
  #ends = new Uint32Array(128)
  #arena = Buffer.allocUnsafe(1024)
  #count = 0

  get size(): number {
    return this.#count
  }

  /** What it takes, and its strings will, in bytes. */
  get weight(): number {
    const used = this.#count === 0 ? 0 : (this.#ends[this.#count - 1] as number)
    const tables = 4 * (this.#slots.length + this.#hashes.length + this.#ends.length)
    return this.#arena.length + tables + used * 2 + this.#count * BYTES_A_TEXT
  }

  /** The number of the string `bytes[start, end)`. */
  code(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
    hash ^= hash >>> 15
    const mask = this.#slots.length - 1
    let slot = hash & mask
    let code = this.#slots[slot] as number
    while (code >= 0) {
      if (this.#hashes[code] === hash && this.#holds(code, bytes, start, end)) return code
      slot = (slot + 1) & mask
      code = this.#slots[slot] as number
    }
    return this.#add(hash, slot, bytes.subarray(start, end))
  }

  /** The distinct strings in order, or the index of the first that is not UTF-8. */
  strings(): { strings: string[]; invalid: number | undefined } {
    const strings = new Array<string>(this.#count)
    let start = 0
    for (let code = 0; code < this.#count; code++) {
      const end = this.#ends[code] as number
      strings[code] = this.#arena.toString('utf8', start, end)
      start = end
    }
    return { strings, invalid: this.#areUtf8() ? undefined : this.#firstInvalid() }
  }

  /** All together are UTF-8, and none begins inside of a character: asked once, not for each string. */
  #areUtf8(): boolean {
    const arena = this.#arena
    let start = 0
    for (let code = 0; code < this.#count; code++) {
      const end = this.#ends[code] as number
      if (end > start && ((arena[start] as number) & 0xc0) === 0x80) return false
      start = end
    }
    return isUtf8(arena.subarray(0, start))
  }

  #firstInvalid(): number | undefined {
    let start = 0
    for (let code = 0; code < this.#count; code++) {
      const end = this.#ends[code] as number
      if (!isUtf8(this.#arena.subarray(start, end))) return code
      start = end
    }
    return undefined
  }

  // biome-ignore lint/complexity/useMaxParams: called for each cell; an options object would be garbage for each
  #holds(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = code === 0 ? 0 : (this.#ends[code - 1] as number)
    const length = end - start
    if ((this.#ends[code] as number) - from !== length) return false
    const arena = this.#arena
    for (let i = 0; i < length; i++) {
      if (arena[from + i] !== bytes[start + i]) return false
    }
    return true
  }

  #add(hash: number, slot: number, text: Uint8Array): number {
    const code = this.#count++
    if (code === this.#ends.length) this.#growCodes()
    const from = code === 0 ? 0 : (this.#ends[code - 1] as number)
    if (from + text.length > this.#arena.length) this.#growArena(from + text.length)
    this.#arena.set(text, from)
    this.#ends[code] = from + text.length
    this.#hashes[code] = hash
    this.#slots[slot] = code
    if (this.#count * 2 > this.#slots.length) this.#rehash()
    return code
  }

  #growCodes(): void {
    const hashes = new Int32Array(this.#hashes.length * 2)
    hashes.set(this.#hashes)
    this.#hashes = hashes
    const ends = new Uint32Array(this.#ends.length * 2)
    ends.set(this.#ends)
    this.#ends = ends
  }

  #growArena(needed: number): void {
    const arena = Buffer.allocUnsafe(Math.max(needed, this.#arena.length * 2))
    this.#arena.copy(arena)
    this.#arena = arena
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let code = 0; code < this.#count; code++) {
      let slot = (this.#hashes[code] as number) & mask
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask
      slots[slot] = code
    }
    this.#slots = slots
  }
}
