import { Buffer } from 'node:buffer'
import type { Decompress } from 'fzstd'
import { ZstdProblem } from './zstd-problem.js'

/** Unpacks Zstandard where Node.js cannot. Memory is the window of the frame and a chunk. */
export async function* decompressZstdChunks(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd')
  const ready: Uint8Array[] = []
  const unpack = new Decompress((chunk) => {
    if (chunk.length > 0) ready.push(chunk)
  })
  for await (const chunk of chunks) {
    // It keeps what it cannot use yet, and the buffer behind the chunk is filled anew.
    push(unpack, Uint8Array.from(chunk), false)
    yield* taken(ready)
  }
  push(unpack, new Uint8Array(0), true)
  yield* taken(ready)
}

function* taken(ready: Uint8Array[]): Generator<Buffer> {
  for (const chunk of ready.splice(0)) {
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
  }
}

/** `UnexpectedEOF` of ZstdErrorCode. */
const UNEXPECTED_END = 5

function push(unpack: Decompress, chunk: Uint8Array, isLast: boolean): void {
  try {
    unpack.push(chunk, isLast)
  } catch (cause) {
    const isCut = cause instanceof Error && 'code' in cause && cause.code === UNEXPECTED_END
    throw new ZstdProblem(isCut ? 'ZSTD_CUT' : 'ZSTD_DAMAGED', { cause })
  }
}
