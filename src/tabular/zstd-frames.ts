import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZstdProblem } from './zstd-problem.js'

const MAGIC = 0xfd2fb528
/** Its lowest four bits may be anything. */
const SKIPPABLE = 0x184d2a50

/**
 * Unpacks Zstandard frame by frame (RFC 8878, 3.1), each by a stream of its own that `create` makes: that of Node.js 24 stops behind
 * the first frame without a word, and parallel compressors write many. Frames that are to be skipped are.
 */
export async function* decompressZstdFrames(
  chunks: AsyncIterable<Uint8Array>,
  create: () => Duplex,
): AsyncGenerator<Buffer> {
  const cursor = new Cursor(chunks)
  try {
    yield* unpackedFrames(cursor, create)
  } finally {
    // Who reads only the beginning leaves a file open behind.
    await cursor.close()
  }
}

async function* unpackedFrames(cursor: Cursor, create: () => Duplex): AsyncGenerator<Buffer> {
  while (await cursor.hasMore()) {
    const head = await cursor.take(4)
    const magic = head.readUInt32LE()
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      const length = (await cursor.take(4)).readUInt32LE()
      for await (const _ of cursor.pass(length));
    } else if (magic === MAGIC) {
      const unpack = create()
      const fed = pipeline(frame(cursor, head), unpack)
      // The reader below sees the same failure; without a handler it would count as unhandled.
      fed.catch(() => undefined)
      for await (const chunk of unpack) yield chunk as Buffer
      await fed
    } else throw new ZstdProblem('ZSTD_DAMAGED')
  }
}

/** The bytes of one frame, which says by its blocks where it ends. */
async function* frame(cursor: Cursor, magic: Buffer): AsyncGenerator<Buffer> {
  const about = await cursor.take(1)
  const flags = about[0] as number
  const isSingle = (flags & 0x20) !== 0
  const contentSize = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] as number
  const dictionary = [0, 1, 2, 4][flags & 3] as number
  const rest = await cursor.take((isSingle ? 0 : 1) + dictionary + contentSize)
  yield Buffer.concat([magic, about, rest])
  let isLast = false
  while (!isLast) {
    const block = await cursor.take(3)
    yield block
    const header = block.readUIntLE(0, 3)
    isLast = (header & 1) === 1
    // A block of one byte repeated holds that byte alone.
    const isRepeated = ((header >> 1) & 3) === 1
    yield* cursor.pass(isRepeated ? 1 : header >> 3)
  }
  if ((flags & 4) !== 0) yield await cursor.take(4)
}

/** Chunks as one row of bytes. What it gives is a copy: a chunk is filled anew when the next is asked for. */
class Cursor {
  readonly #chunks: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)
  #at = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async hasMore(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const next = await this.#chunks.next()
      if (next.done === true) return false
      this.#chunk = next.value
      this.#at = 0
    }
    return true
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.pass(length)) parts.push(part)
    return Buffer.concat(parts)
  }

  /** The next bytes in pieces. Throws when there are not as many. */
  async *pass(length: number): AsyncGenerator<Buffer> {
    let left = length
    while (left > 0) {
      if (!(await this.hasMore())) throw new ZstdProblem('ZSTD_CUT')
      const part = this.#chunk.subarray(this.#at, this.#at + left)
      this.#at += part.length
      left -= part.length
      yield Buffer.from(part)
    }
  }
}
