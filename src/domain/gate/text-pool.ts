/**
 * Distinct texts, numbered in order of first appearance. Open addressing over typed arrays: of a million texts a `Map` takes
 * several times as long, most of it growing.
 */
export class TextPool {
  #slots: Int32Array
  #hashes: Int32Array
  readonly #texts: string[] = []

  /** `expected` distinct texts are taken without growing. */
  constructor(expected: number) {
    const room = 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2)))
    this.#slots = new Int32Array(room).fill(-1)
    this.#hashes = new Int32Array(room / 2)
  }

  get size(): number {
    return this.#texts.length
  }

  code(text: string): number {
    const hash = hashOf(text)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (;;) {
      const code = this.#slots[slot] ?? -1
      if (code < 0) return this.#add(text, hash, slot)
      if (this.#hashes[code] === hash && this.#texts[code] === text) return code
      slot = (slot + 1) & mask
    }
  }

  #add(text: string, hash: number, slot: number): number {
    const code = this.#texts.push(text) - 1
    this.#hashes[code] = hash
    this.#slots[slot] = code
    if (this.#texts.length === this.#hashes.length) this.#grow()
    return code
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const hashes = new Int32Array(slots.length / 2)
    hashes.set(this.#hashes)
    const mask = slots.length - 1
    for (let code = 0; code < this.#texts.length; code++) {
      let slot = (hashes[code] ?? 0) & mask
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask
      slots[slot] = code
    }
    this.#slots = slots
    this.#hashes = hashes
  }
}

/** FNV-1a over UTF-16 code units, its bits mixed once more. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
