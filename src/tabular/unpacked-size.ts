import type { Buffer } from 'node:buffer'
import { stat } from 'node:fs/promises'
import { readBytes, withFile } from './byte-source.js'
import { compressionOf } from './decompress.js'

/** What text is longer than what it is packed into, where nothing else is known. */
const COMPRESSION = 8

/** By the name: what a plan goes by, before a byte is read. */
export function isCompressed(path: string): boolean {
  return /\.(gz|zst)$/i.test(path)
}

/**
 * About how many bytes a file of text unpacks to. What the file says of it (RFC 1952, 2.3.1: of the last member, modulo 2^32;
 * RFC 8878, 3.1.1.1.4: of the first frame) is a hint alone: it is written by who made the file.
 */
export async function unpackedSize(path: string): Promise<number> {
  const { size } = await stat(path)
  if (!isCompressed(path)) return size
  const stated = await withFile({ path, shownAs: path }, async (handle) => {
    const head = await readBytes(handle, 0, 18)
    if (compressionOf(head) === 'zstd') return contentSize(head)
    const tail = await readBytes(handle, Math.max(0, size - 4), 4)
    return tail.length === 4 ? tail.readUInt32LE() : 0
  })
  return Math.max(size * COMPRESSION, stated)
}

/** Of a Zstandard frame; 0 where it does not say. */
function contentSize(head: Buffer): number {
  const flags = head[4] ?? 0
  const isSingle = (flags & 0x20) !== 0
  const at = 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0)
  const length = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0
  if (head.length < at + length) return 0
  if (length === 8) return Number(head.readBigUInt64LE(at))
  if (length === 4) return head.readUInt32LE(at)
  if (length === 2) return head.readUInt16LE(at) + 256
  return length === 1 ? (head[at] ?? 0) : 0
}
