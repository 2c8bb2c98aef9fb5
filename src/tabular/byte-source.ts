import { Buffer } from 'node:buffer'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { CancelledError, UserError } from '../errors.js'
import { errorCode } from '../files/errno.js'
import { type Compression, compressionOf, decompressed } from './decompress.js'
import { tooMuchHeld } from './reading-limit.js'

const chunkSize = 1 << 20
/** Node refuses to read 2 GiB or more at once. */
const longestRead = 1 << 30

export interface FileToRead {
  readonly path: string
  readonly shownAs: string
  /** What may come of it when it is unpacked, in bytes; without a bound when undefined. */
  readonly mostUnpacked?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Opening does not wait for somebody who writes into a pipe; Windows knows no such thing. */
export const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** Opens a file for reading, runs `use`, and closes it. Throws MW-DATA-001 when it cannot be read. */
export async function withFile<T>(
  file: FileToRead,
  use: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const handle = await openRegular(file)
  try {
    return await use(handle)
  } finally {
    await handle.close()
  }
}

/** Up to `length` bytes from `position`; fewer at the end of the file. */
export async function readBytes(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(
      buffer,
      filled,
      Math.min(length - filled, longestRead),
      position + filled,
    )
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled === length ? buffer : buffer.subarray(0, filled)
}

/** How the file is packed, by its first bytes whatever its name. */
export async function readCompression(file: FileToRead): Promise<Compression> {
  return compressionOf(await withFile(file, (handle) => readBytes(handle, 0, 4)))
}

/** The bytes of a file in chunks, unpacked where it is compressed. A chunk is valid until the next is asked for. */
export async function* readChunks(
  file: FileToRead,
  compression: Compression,
): AsyncGenerator<Buffer> {
  const packed = { ...file, chunks: () => plain(file) }
  const chunks = compression === 'none' ? plain(file) : decompressed(packed, compression)
  const { mostUnpacked = Number.POSITIVE_INFINITY } = file
  let unpacked = 0
  try {
    for await (const chunk of chunks) {
      throwIfCancelled(file.signal)
      unpacked += chunk.length
      if (unpacked > mostUnpacked) throw tooMuchHeld(file.shownAs, mostUnpacked)
      yield chunk
    }
  } catch (cause) {
    if (cause instanceof UserError || cause instanceof CancelledError) throw cause
    throw unreadable(file.shownAs, cause)
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError('Reading was cancelled.')
}

async function* plain(file: FileToRead): AsyncGenerator<Buffer> {
  const handle = await openRegular(file)
  try {
    const buffer = Buffer.allocUnsafeSlow(chunkSize)
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkSize).catch((cause: unknown) => {
        throw unreadable(file.shownAs, cause)
      })
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

/** A pipe would be waited for, and a device may have no end. */
async function openRegular(file: FileToRead): Promise<FileHandle> {
  const handle = await open(file.path, READ_AT_ONCE).catch((cause: unknown) => {
    throw unreadable(file.shownAs, cause)
  })
  const info = await handle.stat()
  if (info.isFile()) return handle
  await handle.close()
  throw unreadable(file.shownAs, { code: info.isDirectory() ? 'EISDIR' : 'ENXIO' })
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist.',
  ENOTDIR: 'the file does not exist.',
  ENXIO: 'this is a pipe, a device or a socket, not a file.',
  EISDIR: 'this is a folder, not a file.',
  EACCES: 'the file may not be read.',
  EPERM: 'the file may not be read.',
}

function unreadable(shownAs: string, cause: unknown): Error {
  const code = errorCode(cause) ?? ''
  if (code === '' && cause instanceof Error) return cause
  const what = reasons[code] ?? `the file cannot be read (${code}).`
  const fix = 'Name a file that exists and is readable.'
  return new UserError({ code: 'MW-DATA-001', where: shownAs, what, fix }, { cause })
}
