import type { FileHandle } from 'node:fs/promises'
import {
  type ColumnChunk,
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type RowGroup,
} from 'hyparquet'
import { UserError } from '../../errors.js'
import { type FileToRead, readBytes, withFile } from '../byte-source.js'
import { unsupported } from '../column-problems.js'
import { damaged, notParquet } from './parquet-problems.js'

export interface NumberedGroup {
  /** Counted from 1. */
  readonly number: number
  readonly group: RowGroup
}

/** An open Parquet file with its footer read. */
export interface ParquetFile {
  readonly shownAs: string
  readonly metadata: FileMetaData
  /** Those that are to be read, with their numbers in the file. */
  readonly groups: readonly NumberedGroup[]
  /** In these groups. */
  readonly rows: number
  /** Bytes `[start, end)`, all of them or an error. */
  readonly read: (start: number, end: number) => Promise<ArrayBuffer>
}

/** Opens the file, checks its frame, reads the footer, runs `use`. Throws MW-DATA-014 and -015. */
export async function withParquetFile<T>(
  file: FileToRead,
  use: (parquet: ParquetFile) => Promise<T>,
): Promise<T> {
  return withFile(file, async (handle) => {
    const { shownAs } = file
    const { size } = await handle.stat()
    await checkFrame(handle, size, shownAs)
    const read = readerOf(handle, size, shownAs)
    return use(parquetOf(await readFooter(read, size, shownAs), shownAs, read))
  })
}

/** Opens a file again of which the footer is known, for some of its row groups. */
export async function withKnownFile<T>(
  file: FileToRead,
  known: { metadata: FileMetaData; parts: readonly number[] | undefined },
  use: (parquet: ParquetFile) => Promise<T>,
): Promise<T> {
  return withFile(file, async (handle) => {
    const { shownAs } = file
    const read = readerOf(handle, (await handle.stat()).size, shownAs)
    const whole = parquetOf(known.metadata, shownAs, read)
    if (known.parts === undefined) return use(whole)
    const groups = known.parts.flatMap((part) => whole.groups[part] ?? [])
    return use({ ...whole, groups, rows: rowsOf(groups) })
  })
}

function readerOf(handle: FileHandle, size: number, shownAs: string): ParquetFile['read'] {
  return (start, end) => readExactly(handle, { start, end, size }, shownAs)
}

function parquetOf(
  metadata: FileMetaData,
  shownAs: string,
  read: ParquetFile['read'],
): ParquetFile {
  const groups = metadata.row_groups.map((group, index) => ({ number: index + 1, group }))
  const rows = rowsOf(groups)
  if (rows !== Number(metadata.num_rows) || !(rows >= 0)) {
    throw damaged(shownAs, 'its footer contradicts itself about the number of rows')
  }
  return { shownAs, metadata, groups, rows, read }
}

function rowsOf(groups: readonly NumberedGroup[]): number {
  return groups.reduce((sum, { group }) => sum + Number(group.num_rows), 0)
}

async function checkFrame(handle: FileHandle, size: number, shownAs: string): Promise<void> {
  const head = (await readBytes(handle, 0, 4)).toString('latin1')
  if (head === 'PARE') throw unsupported(shownAs, 'an encrypted Parquet file')
  if (head !== 'PAR1') throw notParquet(shownAs)
  if (size < 12) throw damaged(shownAs, `it ends after ${size} bytes`)
  const tail = (await readBytes(handle, size - 4, 4)).toString('latin1')
  if (tail !== 'PAR1') throw damaged(shownAs, 'it does not end with PAR1, so its end is missing')
}

async function readExactly(
  handle: FileHandle,
  range: { start: number; end: number; size: number },
  shownAs: string,
): Promise<ArrayBuffer> {
  const { start, end, size } = range
  if (!(start >= 0 && start <= end && end <= size)) {
    throw damaged(shownAs, 'it refers to bytes that are not in the file')
  }
  const bytes = await readBytes(handle, start, end - start)
  if (bytes.length !== end - start) throw damaged(shownAs, 'it ends too early')
  // readBytes allocates outside of the pool, so the buffer behind is the bytes and nothing else.
  return bytes.buffer as ArrayBuffer
}

async function readFooter(
  read: ParquetFile['read'],
  size: number,
  shownAs: string,
): Promise<FileMetaData> {
  const file = { byteLength: size, slice: (start: number, end = size) => read(start, end) }
  try {
    const metadata = await parquetMetadataAsync(file, { geoparquet: false })
    checkFooter(metadata)
    return metadata
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw damaged(shownAs, 'its footer cannot be read', cause)
  }
}

/** What the reader relies on; the parser of the footer takes any bytes that look like fields. */
function checkFooter(metadata: FileMetaData): void {
  const hasPath = (column: ColumnChunk) => Array.isArray(column.meta_data?.path_in_schema)
  const isWhole =
    // Throws when the elements do not make a tree.
    parquetSchema(metadata).children.every(({ element }) => typeof element.name === 'string') &&
    metadata.row_groups.every((group) => group.columns.every(hasPath))
  if (!isWhole) throw new Error('fields are missing in the footer')
}
