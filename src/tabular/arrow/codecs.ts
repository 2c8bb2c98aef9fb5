import type { RecordBatch } from '@uwdata/flechette'
import { unsupported } from '../column-problems.js'
import { decompressLz4Frame } from './lz4-frame.js'

export interface Codec {
  readonly decompress: (input: Uint8Array, length: number) => Uint8Array
  /** So many bytes may come from one: a claim beyond it is false. */
  readonly most: number
}

const LZ4_FRAME = 0
const ZSTD = 1

const lz4: Codec = { decompress: decompressLz4Frame, most: 255 }

/** The codec of a batch, undefined when its buffers are as they are; that of Zstandard is loaded when met. */
export async function codecOf(batch: RecordBatch, shownAs: string): Promise<Codec | undefined> {
  const { compression } = batch
  if (compression === null || compression === undefined) return undefined
  if (compression.method !== 0) throw unsupported(shownAs, 'this way of compressing batches')
  if (compression.codec === LZ4_FRAME) return lz4
  if (compression.codec !== ZSTD) throw unsupported(shownAs, 'the codec of the buffers')
  const { decompressZstd } = await import('hyparquet-compressors')
  // A block of a repeated byte takes 4 bytes for 128 KiB.
  return {
    decompress: (input, length) => decompressZstd(input, new Uint8Array(length)),
    most: 32_768,
  }
}

/** A buffer as it was before it was compressed: its length comes first, -1 where compressing gained nothing. */
export function decompressBuffer(stored: Uint8Array, codec: Codec): Uint8Array {
  if (stored.length === 0) return stored
  const length = Number(new DataView(stored.buffer, stored.byteOffset).getBigInt64(0, true))
  const content = stored.subarray(8)
  if (length === -1) return content
  if (!(length >= 0 && length <= content.length * codec.most)) {
    throw new Error('a buffer claims an impossible length')
  }
  const bytes = codec.decompress(content, length)
  if (bytes.length !== length) throw new Error('a buffer has another length')
  // Numbers are read in place, which asks for whole words.
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
}
