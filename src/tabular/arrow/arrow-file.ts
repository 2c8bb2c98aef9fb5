import type { FileHandle } from 'node:fs/promises'
import type { Block, Field, RecordBatch, Schema } from '@uwdata/flechette'
import { UserError } from '../../errors.js'
import { type FileToRead, readBytes, throwIfCancelled, withFile } from '../byte-source.js'
import { unsupported } from '../column-problems.js'
import { damaged, notArrow } from './arrow-problems.js'
import { decodeFooter, decodeHead, type Head } from './metadata.js'

/** Rows, or values of a dictionary that the rows after it refer to. */
export interface Batch {
  readonly rows: number
  readonly content: RecordBatch
  /** Where in the file its buffers begin, and how many bytes they are. */
  readonly body: { readonly start: number; readonly length: number }
  /** Undefined for rows. */
  readonly dictionary: { readonly id: number; readonly isDelta: boolean } | undefined
}

/** An open Arrow file with all its metadata read. */
export interface ArrowFile {
  readonly shownAs: string
  readonly fields: readonly Field[]
  /** In the order in which they apply. */
  readonly batches: readonly Batch[]
  readonly rows: number
  /** Bytes from `start`, all of them or an error. */
  readonly read: (start: number, length: number) => Promise<Uint8Array>
}

interface Source {
  readonly size: number
  readonly shownAs: string
  readonly signal: AbortSignal | undefined
  readonly read: ArrowFile['read']
}

const FILE_MAGIC = 'ARROW1'
const CONTINUATION = -1
/** Up to so many bytes are a small read. */
const SMALL = 1 << 14
const WINDOW = 1 << 18
/** Opens the file, reads its metadata, runs `use`. Throws MW-DATA-024 and -025. */
export async function withArrowFile<T>(
  file: FileToRead,
  use: (arrow: ArrowFile) => Promise<T>,
): Promise<T> {
  return withFile(file, async (handle) => {
    const { size } = await handle.stat()
    const { shownAs, signal } = file
    const read = readerOf(handle, size, shownAs)
    const source = { size, shownAs, signal, read }
    const magic = (await readBytes(handle, 0, 8)).toString('latin1')
    if (magic.startsWith('FEA1')) throw unsupported(shownAs, 'version 1 of Feather')
    const isFile = magic.startsWith(FILE_MAGIC)
    if (!isFile && !magic.startsWith('\xff\xff\xff\xff')) throw notArrow(shownAs)
    const { schema, batches } = isFile ? await readFile(source) : await readStream(source)
    if (schema.endianness !== 0) throw unsupported(shownAs, 'Arrow of big-endian machines')
    return use({ shownAs, fields: schema.fields, batches, rows: countRows(batches), read })
  })
}

/** Opens a file again of which the metadata is known. */
export async function withKnownFile<T>(
  file: FileToRead,
  known: ArrowFile,
  use: (arrow: ArrowFile) => Promise<T>,
): Promise<T> {
  return withFile(file, async (handle) => {
    const { size } = await handle.stat()
    return use({ ...known, read: readerOf(handle, size, file.shownAs) })
  })
}

function readerOf(handle: FileHandle, size: number, shownAs: string): ArrowFile['read'] {
  return inWindows((start, length) => readExactly(handle, { start, length, size }, shownAs), size)
}

/** Small reads, as of a file of many small batches, are answered from a larger one. */
function inWindows(read: ArrowFile['read'], size: number): ArrowFile['read'] {
  let window: { start: number; bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) }
  return async (start, length) => {
    if (!(length >= 0 && length <= SMALL && start >= 0 && start + length <= size)) {
      return read(start, length)
    }
    const isInside = start >= window.start && start + length <= window.start + window.bytes.length
    if (!isInside) {
      const bytes = await read(start, Math.min(WINDOW, size - start))
      window = { start, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) }
    }
    const from = start - window.start
    // A copy, because numbers are read in place, which asks for whole words.
    return window.bytes.slice(from, from + length)
  }
}

async function readExactly(
  handle: FileHandle,
  range: { start: number; length: number; size: number },
  shownAs: string,
): Promise<Uint8Array> {
  const { start, length, size } = range
  if (!(start >= 0 && length >= 0 && start + length <= size)) {
    throw damaged(shownAs, 'it refers to bytes that are not in the file')
  }
  const bytes = await readBytes(handle, start, length)
  if (bytes.length !== length) throw damaged(shownAs, 'it ends too early')
  return bytes
}

interface Content {
  readonly schema: Schema
  readonly batches: readonly Batch[]
}

/** The file format: a footer says where the batches are. Dictionaries apply to all rows. */
async function readFile(source: Source): Promise<Content> {
  const { size, shownAs, read } = source
  const end = FILE_MAGIC.length + 4
  if (size < 8 + end) throw damaged(shownAs, `it ends after ${size} bytes`)
  const tail = asView(await read(size - end, end))
  const magic = Array.from(FILE_MAGIC, (_, index) => String.fromCharCode(tail.getUint8(4 + index)))
  if (magic.join('') !== FILE_MAGIC) {
    throw damaged(shownAs, `it does not end with ${FILE_MAGIC}, so its end is missing`)
  }
  const length = tail.getInt32(0, true)
  const bytes = await read(size - end - length, length)
  const footer = decoded('its footer', shownAs, () => decodeFooter(bytes))
  const batches: Batch[] = []
  for (const block of [...footer.dictionaries, ...footer.batches]) {
    batches.push(await readBlock(source, block))
  }
  return { schema: footer.schema, batches }
}

async function readBlock(source: Source, block: Block): Promise<Batch> {
  const message = await readMessage(source, block.offset)
  const batch = message === undefined ? undefined : batchOf(source, message)
  if (batch === undefined) throw damaged(source.shownAs, 'its footer names a batch that is none')
  return batch
}

/** The stream format: messages one after the other, up to a mark. Without it the end is missing. */
async function readStream(source: Source): Promise<Content> {
  const { shownAs, size } = source
  let schema: Schema | undefined
  const batches: Batch[] = []
  let at = 0
  for (;;) {
    if (at + 4 > size) throw damaged(shownAs, 'the mark at the end of the stream is missing')
    const message = await readMessage(source, at)
    if (message === undefined) break
    const batch = batchOf(source, message)
    if (batch !== undefined) batches.push(batch)
    if (message.head.kind === 'schema') schema ??= message.head.schema
    if (schema === undefined) throw damaged(shownAs, 'the stream does not begin with a schema')
    at = message.bodyStart + message.head.bodyLength
  }
  if (schema === undefined) throw damaged(shownAs, 'the stream has no schema')
  return { schema, batches }
}

interface Message {
  readonly head: Head
  readonly bodyStart: number
}

/** Undefined at the mark that ends a stream. */
async function readMessage(source: Source, at: number): Promise<Message | undefined> {
  const { shownAs, size, read } = source
  throwIfCancelled(source.signal)
  const prefix = asView(await read(at, Math.min(8, size - at)))
  // Before version 0.15 the length stood first.
  const isOld = prefix.byteLength < 8 || prefix.getInt32(0, true) !== CONTINUATION
  const length = prefix.byteLength < 4 ? 0 : prefix.getInt32(isOld ? 0 : 4, true)
  if (length === 0) return undefined
  const start = at + (isOld ? 4 : 8)
  const bytes = await read(start, length)
  const head = decoded('a message', shownAs, () => decodeHead(bytes))
  const bodyStart = start + length
  if (!(head.bodyLength >= 0 && bodyStart + head.bodyLength <= size)) {
    throw damaged(shownAs, 'it ends inside of a batch')
  }
  return { head, bodyStart }
}

function batchOf({ shownAs }: Source, { head, bodyStart }: Message): Batch | undefined {
  if (head.kind === 'schema') return undefined
  const content = head.kind === 'rows' ? head.batch : head.dictionary.data
  const rows = content?.length ?? -1
  if (!(rows >= 0)) throw damaged(shownAs, 'a batch claims an impossible length')
  return {
    rows,
    content,
    body: { start: bodyStart, length: head.bodyLength },
    dictionary: head.kind === 'rows' ? undefined : head.dictionary,
  }
}

function countRows(batches: readonly Batch[]): number {
  let rows = 0
  for (const batch of batches) if (batch.dictionary === undefined) rows += batch.rows
  return rows
}

function decoded<T>(what: string, shownAs: string, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw damaged(shownAs, `${what} cannot be read`, cause)
  }
}

function asView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
