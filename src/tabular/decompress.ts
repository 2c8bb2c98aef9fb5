import type { Buffer } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import { UserError } from '../errors.js'
import { errorCode } from '../files/errno.js'
import { decompressZstdChunks } from './zstd-chunks.js'
import { decompressZstdFrames } from './zstd-frames.js'

/** How the bytes of a file are packed, as its first bytes say. */
export type Compression = 'none' | 'gzip' | 'zstd'

export function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  const isFrame = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd
  // A file may begin with a frame that is to be skipped (RFC 8878, 3.1.2), as parallel compressors write it.
  const isSkipped = ((head[0] as number) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d
  return isFrame || (isSkipped && head[3] === 0x18) ? 'zstd' : 'none'
}

export interface Packed {
  readonly path: string
  readonly shownAs: string
  /** The bytes as they are on the disk. */
  readonly chunks: () => AsyncIterable<Buffer>
}

/** The content of a packed file in chunks. Throws MW-DATA-013 when it is damaged or ends too early. */
export async function* decompressed(
  file: Packed,
  compression: 'gzip' | 'zstd',
): AsyncGenerator<Buffer> {
  try {
    yield* compression === 'gzip' ? gunzipped(file.path) : unpackedZstd(file.chunks())
  } catch (cause) {
    throw problemOf(file.shownAs, compression, cause)
  }
}

const options = { chunkSize: 1 << 18 }

function unpackedZstd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // Node 20 has none.
  const create: typeof zlib.createZstdDecompress | undefined = zlib.createZstdDecompress
  if (create === undefined) return decompressZstdChunks(chunks)
  return decompressZstdFrames(chunks, () => create(options))
}

async function* gunzipped(path: string): AsyncGenerator<Buffer> {
  const unpack = zlib.createGunzip(options)
  const fed = pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), unpack)
  // The reader below sees the same failure; without a handler it would count as unhandled.
  fed.catch(() => undefined)
  for await (const chunk of unpack) yield chunk as Buffer
}

function problemOf(shownAs: string, compression: string, cause: unknown): unknown {
  const code = errorCode(cause) ?? ''
  if (!/^(?:Z_|ZSTD_|ERR_ZSTD)/.test(code)) return cause
  const isCut = code === 'Z_BUF_ERROR' || code === 'ZSTD_CUT'
  const what = isCut
    ? `the ${compression} file ends too early.`
    : `the ${compression} file is damaged.`
  const fix = 'Write or fetch the file again.'
  return new UserError({ code: 'MW-DATA-013', where: shownAs, what, fix }, { cause })
}
