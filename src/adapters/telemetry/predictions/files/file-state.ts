import type { FileHandle } from 'node:fs/promises'

/** By so many bytes a file is recognised that was renamed, copied or packed meanwhile. */
const HEAD_BYTES = 1024
const CHUNK_BYTES = 1024 * 1024

/** What is known of a file between two looks. */
export interface FileState {
  /** Its first bytes, as far as they were there. */
  head: Buffer
  /** Bytes (unpacked) that are done with; of tables: rows. */
  done: number
  /** Whether nothing more is expected as long as the size stays. */
  isOver: boolean
  size: number
}

/** Whether a file begins as the one that is known: else another stands in its place. */
export function beginsAs(head: Buffer, known: FileState): boolean {
  const { length } = known.head
  return head.length >= length && head.subarray(0, length).equals(known.head)
}

/** The known file of which this is a copy, a packed one say: it goes on where that one was left. */
export function originalOf(head: Buffer, known: Iterable<FileState>): FileState | undefined {
  for (const state of known) {
    // A head that is short says little, unless it is all that was read.
    if (state.head.length > 0 && beginsAs(head, state)) return state
  }
  return undefined
}

export async function readHead(handle: FileHandle): Promise<Buffer> {
  return readAt(handle, 0, HEAD_BYTES)
}

export function headOf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, HEAD_BYTES))
}

/** The bytes at a position, fewer at the end of the file. */
export async function readAt(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

/** Where the last line that is complete ends. */
export async function lastLineEnd(handle: FileHandle, size: number): Promise<number> {
  let end = size
  while (end > 0) {
    const start = Math.max(0, end - CHUNK_BYTES)
    const found = (await readAt(handle, start, end - start)).lastIndexOf(10)
    if (found >= 0) return start + found + 1
    end = start
  }
  return 0
}

/** The first line with its line feed; undefined where it is not complete. */
export async function firstLine(handle: FileHandle): Promise<Buffer | undefined> {
  const bytes = await readAt(handle, 0, CHUNK_BYTES)
  const end = bytes.indexOf(10)
  return end < 0 ? undefined : Buffer.from(bytes.subarray(0, end + 1))
}

/** The bytes from a position to what is the end by now: a writer that is faster than we are must not hold us. */
export async function* chunksFrom(
  handle: FileHandle,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const chunk = await readAt(handle, at, Math.min(CHUNK_BYTES, to - at))
    if (chunk.length === 0) return
    at += chunk.length
    yield chunk
  }
}
